-- Projections that stand at the same place of a stream share a row: one of them leads, and the others follow it. With
-- sixteen projections and many streams in a batch, a row for each was most of what PostgreSQL did for the read models.
alter table read.checkpoints rename to checkpoint_rows;
alter table read.checkpoint_rows
  -- Whose row says where this one stands; null: its own.
  add column leader text,
  -- All that stand where this row is, in order, with commas; null: it alone; empty: to be looked up by `leader`.
  add column members text,
  add constraint checkpoint_rows_lead_or_follow check (leader is null or members is null);

create view read.checkpoints as
  select c.projection, c.stream,
         case when c.leader is null then c.revision else l.revision end as revision,
         case when c.leader is null then c.previous else l.previous end as previous,
         case when c.leader is null then c.hash else l.hash end as hash
    from read.checkpoint_rows c
    left join read.checkpoint_rows l on l.stream = c.stream and l.projection = c.leader;

-- There is one of it for both sides, as before.
do $$
begin
  execute replace(pg_get_functiondef('read.mirror()'::regprocedure), '''checkpoints''', '''checkpoint_rows''');
end;
$$;
