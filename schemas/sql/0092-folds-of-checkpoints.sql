-- What folded the records of a checkpoint, in which version (docs/decisions/0133). Earlier releases don't write it: what
-- they begin is folded again by this one.
alter table writer.heads add column folds text not null default '';
alter table writer.heads alter column folds set default 'unknown';
