-- Personal fields are encrypted with a key of the person that they are about (a data subject). Events hold the ciphertext; the keys
-- are here, and nowhere else: without the key nothing says what was encrypted. docs/decisions/0078-keys-of-data-subjects.md
create schema privacy;

create table privacy.subject_keys (
  -- sub_…
  id               text collate "C" primary key,
  organization_id  text collate "C" not null,
  -- 32 bytes, wrapped with a key of the installation; null: destroyed, the subject is erased
  wrapped          bytea,
  created_at       timestamptz not null default clock_timestamp(),
  check (octet_length(wrapped) >= 32)
);

-- What encrypted values are found by: a keyed hash of each. They go with the key.
create table privacy.lookups (
  organization_id  text collate "C" not null,
  tag              text collate "C" not null,
  -- the value as events have it
  sealed           text collate "C" not null,
  subject_id       text collate "C" not null references privacy.subject_keys (id) on delete cascade,
  primary key (organization_id, tag, sealed)
);
create index lookups_of_subject on privacy.lookups (subject_id);

-- Who was erased, as events say: a read model. What it names has no key, whatever the table of keys was restored from.
create table read.erasures (
  stream           text collate "C" not null,
  revision         bigint not null,
  subject_id       text collate "C" not null,
  organization_id  text collate "C" not null,
  recorded_ms      bigint not null,
  primary key (stream, revision, subject_id)
);
create index erasures_of_subject on read.erasures (subject_id);
