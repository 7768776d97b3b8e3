-- The webhook endpoints of organizations, as their events left them: a read model, made again of the events at any time. What was sent to
-- them is elsewhere (the schema `hooks`), which no rebuild touches.
create table read.webhook_endpoints (
  id                text collate "C" primary key,
  organization_id   text collate "C" not null,
  -- of the event that created it: the order of lists
  created_revision  bigint not null,
  -- of the last event of it
  revision          bigint not null,
  endpoint          jsonb not null,
  created_ms        bigint not null,
  -- when it was enabled last
  enabled_ms        bigint not null,
  -- what happened before is not sent
  skip_before_ms    bigint not null default 0,
  deleted_ms        bigint
);
create index webhook_endpoints_of_organization on read.webhook_endpoints (organization_id, created_revision);
