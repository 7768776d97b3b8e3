-- How far the relay has sent the event store to a topic. A cache of what the topic itself knows: without it the whole topic is read once.
create schema relay;

create table relay.checkpoints (
  topic      text primary key,
  -- The event store's position up to which everything was acknowledged.
  position   text not null,
  -- By partition, the offset after the last record of it that was acknowledged then: what follows in the topic was sent later.
  offsets    jsonb not null,
  updated_at timestamptz not null default now()
) with (fillfactor = 50);
