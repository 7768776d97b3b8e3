-- Events of up to 8 kB are kept as they are: compressing what a payment says takes PostgreSQL longer than storing it, and so
-- does reading it again, while WAL and disk are cheap. Rows that are there already stay as they were stored.
alter table store.events set (toast_tuple_target = 8160);
