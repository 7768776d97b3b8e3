-- What folded the records of a checkpoint, in which version (docs/decisions/0133). Earlier releases don't write it: what
-- they begin is folded again by this one, and so are the ledgers of payments, whose folds have changed since some of
-- their checkpoints were written.
alter table writer.heads add column folds text not null default '';
alter table writer.heads alter column folds set default 'unknown';
update writer.heads set folds = 'unknown'
 where stream_id in (select stream_id from writer.records where key like 'owner:%' or key like 'payment:%');
