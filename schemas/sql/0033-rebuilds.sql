-- Rebuilds of read models: docs/decisions/0075-two-sides-of-read-models.md
--
-- Each table of a read model is there twice: in `read` (side a) and in `read_b` (side b). Queries read the side that
-- `read.projections.side` names, and a rebuild fills the other one. A swap changes that row and nothing else.
create schema read_b;

alter table read.projections add column side "char" not null default 'a' check (side in ('a', 'b'));

create table read.rebuilds (
  id             text collate "C" primary key,
  projection     text not null,
  -- what it was asked for: null is all of it
  ledger         text collate "C",
  -- the version of the rows that it makes, and of those that queries read when it began
  version        integer not null,
  old_version    integer not null,
  -- the side that it fills
  side           "char" not null check (side in ('a', 'b')),
  state          text not null check (state in ('filling', 'catching_up', 'verifying', 'ready', 'swapped', 'rolled_back',
                                                'dropped', 'cancelled', 'failed')),
  auto_swap      boolean not null,
  -- why it began: who asked, or that the version of the projection is another one
  because        text not null,
  -- the event store's position up to which the side is filled, and how many events that were, of how many
  position       text,
  done           bigint not null default 0,
  total          bigint,
  events_per_s   double precision,
  verification   jsonb,
  -- why it failed, or what it waits for
  problem        text,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  -- when the old side is dropped that is kept after a swap
  kept_until     timestamptz,
  -- since when the side that nobody needs any more is there; null: there is none, or it is emptied
  unused_since   timestamptz
) with (fillfactor = 50);
create index rebuilds_by_age on read.rebuilds (projection, created_at desc, id);
-- One at a time.
create unique index rebuilds_running on read.rebuilds (projection)
  where state in ('filling', 'catching_up', 'verifying', 'ready');

-- Makes the tables and functions of side b like those of side a. It runs after the migrations, so that one that changes a
-- table changes both sides.
create function read.mirror() returns void language plpgsql as $mirror$
declare
  t record;
  c record;
  definition text;
begin
  for t in
    select r.oid, r.relname, r.reloptions from pg_class r
     where r.relnamespace = 'read'::regnamespace and r.relkind = 'r'
       and r.relname not in ('projections', 'checkpoints', 'halted_streams', 'rebuilt_streams', 'projector_looks',
                             'rebuilds', 'parked_events')
     order by r.oid
  loop
    if to_regclass(format('read_b.%I', t.relname)) is null then
      execute format('create table read_b.%I (like read.%I including all)', t.relname, t.relname);
      if t.reloptions is not null then
        execute format('alter table read_b.%I set (%s)', t.relname, array_to_string(t.reloptions, ', '));
      end if;
    end if;
    for c in
      select a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull,
             pg_get_expr(d.adbin, d.adrelid) as standard, l.collname, a.attcollation <> y.typcollation as is_collated,
             b.attnum as there, format_type(b.atttypid, b.atttypmod) as type_there, b.attnotnull as notnull_there
        from pg_attribute a
        join pg_type y on y.oid = a.atttypid
        left join pg_collation l on l.oid = a.attcollation
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        left join pg_attribute b on b.attrelid = format('read_b.%I', t.relname)::regclass and b.attname = a.attname
                                and not b.attisdropped
       where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
       order by a.attnum
    loop
      if c.there is null then
        execute format('alter table read_b.%I add column %I %s%s%s%s', t.relname, c.attname, c.type,
                       case when c.is_collated then format(' collate %I', c.collname) else '' end,
                       case when c.standard is null then '' else ' default ' || c.standard end,
                       case when c.attnotnull then ' not null' else '' end);
      elsif c.type <> c.type_there then
        execute format('alter table read_b.%I alter column %I type %s using %I::%s', t.relname, c.attname, c.type,
                       c.attname, c.type);
      elsif c.attnotnull <> c.notnull_there then
        execute format('alter table read_b.%I alter column %I %s not null', t.relname, c.attname,
                       case when c.attnotnull then 'set' else 'drop' end);
      end if;
    end loop;
    for c in
      select b.attname from pg_attribute b
       where b.attrelid = format('read_b.%I', t.relname)::regclass and b.attnum > 0 and not b.attisdropped
         and not exists (select from pg_attribute a
                          where a.attrelid = t.oid and a.attname = b.attname and not a.attisdropped)
    loop
      execute format('alter table read_b.%I drop column %I', t.relname, c.attname);
    end loop;
    -- By what they say without their names.
    for c in
      select i.indexrelid::regclass as name,
             regexp_replace(pg_get_indexdef(i.indexrelid), ' INDEX \S+ ON read_b\.', ' INDEX ON read.') as says
        from pg_index i
       where i.indrelid = format('read_b.%I', t.relname)::regclass and not i.indisprimary
         and not exists (select from pg_index a
                          where a.indrelid = t.oid and regexp_replace(pg_get_indexdef(a.indexrelid), ' INDEX \S+ ON ', ' INDEX ON ')
                                = regexp_replace(pg_get_indexdef(i.indexrelid), ' INDEX \S+ ON read_b\.', ' INDEX ON read.'))
    loop
      execute format('drop index %s', c.name);
    end loop;
    for c in
      select regexp_replace(pg_get_indexdef(a.indexrelid), ' INDEX \S+ ON read\.', ' INDEX ON read_b.') as says
        from pg_index a
       where a.indrelid = t.oid and not a.indisprimary
         and not exists (select from pg_index i
                          where i.indrelid = format('read_b.%I', t.relname)::regclass
                            and regexp_replace(pg_get_indexdef(i.indexrelid), ' INDEX \S+ ON ', ' INDEX ON ')
                                = regexp_replace(pg_get_indexdef(a.indexrelid), ' INDEX \S+ ON read\.', ' INDEX ON read_b.'))
    loop
      execute c.says;
    end loop;
  end loop;
  -- In the order in which they were made, because later ones use earlier ones.
  for t in
    select p.oid from pg_proc p
     where p.pronamespace = 'read'::regnamespace and p.proname <> 'mirror' order by p.oid
  loop
    definition := replace(pg_get_functiondef(t.oid), 'read.', 'read_b.');
    execute definition;
  end loop;
end;
$mirror$;

select read.mirror();
