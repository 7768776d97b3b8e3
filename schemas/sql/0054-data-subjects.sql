-- The data subjects of organizations, as their events left them: a read model, made again of the events at any time. References are in it as
-- events have them, encrypted (0040). docs/decisions/0083-data-subjects-in-metadata.md
create table read.data_subjects (
  -- sub_…
  id                text collate "C" primary key,
  organization_id   text collate "C" not null,
  -- of the event that created it: the order of lists
  created_revision  bigint not null,
  is_erased         boolean not null,
  -- the sealed text, by which privacy.lookups finds it; null: erased
  reference         text collate "C",
  facts             jsonb not null
);
create index data_subjects_of_organization on read.data_subjects (organization_id, created_revision);
create index data_subjects_reference on read.data_subjects (organization_id, reference) where reference is not null;
