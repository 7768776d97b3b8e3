-- What is stored stays as it is. The store only ever adds rows, and counts: everything else is refused, to the owner of the tables too. A
-- superuser, or an owner who takes the triggers away first, is not stopped by this: the chain of hashes tells of them (docs/decisions/0022).
create function store.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '%.% is only added to: % is refused', tg_table_schema, tg_table_name, lower(tg_op)
    using errcode = 'insufficient_privilege',
          hint = 'Events are never changed. What was booked wrongly is reversed by a command.';
end $$;

-- For each statement: they cost an insert nothing.
create trigger events_are_kept before update or delete or truncate on store.events
  for each statement execute function store.refuse_change();
create trigger appends_are_kept before update or delete or truncate on store.appends
  for each statement execute function store.refuse_change();
create trigger streams_are_kept before delete or truncate on store.streams
  for each statement execute function store.refuse_change();
create trigger position_is_kept before delete or truncate on store.position
  for each statement execute function store.refuse_change();

-- The two counters only go on. After the row is written: a trigger before it would lock the row a second time.
create trigger streams_go_on after update on store.streams
  for each row when (new.revision <= old.revision or new.id <> old.id or new.name <> old.name)
  execute function store.refuse_change();
create trigger position_goes_on after update on store.position
  for each row when (new.last <= old.last)
  execute function store.refuse_change();

-- Where one role does all, it owns these tables: its own rights go as far as it needs them.
do $$
declare
  holder text;
begin
  for holder in
    select current_user
    union
    select pg_get_userbyid(c.relowner) from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'store' and c.relkind = 'r'
  loop
    execute format('revoke update, delete, truncate on store.events, store.appends, store.streams, store.position from %I', holder);
    execute format('grant update (revision) on store.streams to %I', holder);
    execute format('grant update (last) on store.position to %I', holder);
  end loop;
end $$;
