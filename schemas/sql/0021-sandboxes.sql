-- Sandboxes: isolated environments below a live organization. docs/decisions/0056-environments.md

-- Of a sandbox: the live organization that it is below. Null: it is live.
alter table read.organizations add column parent_id text collate "C";

-- By the live organization, newest first.
create table read.sandboxes (
  id               text collate "C" not null primary key,
  organization_id  text collate "C" not null,
  revision         bigint not null,
  name             text not null,
  created_ms       bigint not null
);
create unique index sandboxes_by_age on read.sandboxes (organization_id, revision);
