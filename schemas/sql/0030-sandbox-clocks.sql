-- What is due in a sandbox is due by its clock, which may be far from ours (libs/engine/journal/clock.ts): its streams are
-- looked at apart. Null: the checkpoint was last written by a release that had no such clocks.
alter table writer.heads add column organization_id text;
create index heads_organization on writer.heads (organization_id) where organization_id is not null;
