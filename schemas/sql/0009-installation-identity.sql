-- Which installation this is, so that two can share an event store or a Kafka cluster, and each can tell its own from another.
alter table meta.installation
  -- The relay may be the first of the processes; it knows no pepper.
  alter column pepper_fingerprint drop not null,
  add column id uuid not null default gen_random_uuid(),
  -- What the names of streams in EventStoreDB, and of the topic, begin with. Empty for what was made before there were prefixes.
  -- One can't be the beginning of another: all are equally long.
  add column prefix text not null default '' check (prefix ~ '^(fl_[a-z2-7]{8}-)?$'),
  -- The event store was seen to have this id: from then on one without it is another store.
  add column is_in_store boolean not null default false;
