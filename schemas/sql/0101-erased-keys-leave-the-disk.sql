-- An erased key is gone from its row, and stays in the table's file as the row was before: docs/decisions/0134-erased-keys-leave-the-disk.md
alter table privacy.subject_keys set (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
alter table privacy.lookups set (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
create index subject_keys_erased on privacy.subject_keys (id) where wrapped is null;

-- How many keys were erased when a start last wrote the tables again. The next one does when it is another number.
create table privacy.rewritten (
  only_row  boolean primary key default true check (only_row),
  erased    bigint not null
);
insert into privacy.rewritten (erased) values (0);
