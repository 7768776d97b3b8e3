-- Messages that somebody asked to have sent at once, until an attempt at them is kept: they are sent also while their
-- endpoint is known to fail. docs/decisions/0061-webhook-dispatcher.md
create table hooks.asked (
  message_id   text collate "C" primary key,
  endpoint_id  text collate "C" not null
);
create index asked_of_endpoint on hooks.asked (endpoint_id);
