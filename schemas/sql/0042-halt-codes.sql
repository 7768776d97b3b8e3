-- Why a stream is halted, as a code, from which follows what an operator is told to do. Those of before get theirs with the next attempt.
alter table read.halted_streams add column code text collate "C" not null default 'other';
