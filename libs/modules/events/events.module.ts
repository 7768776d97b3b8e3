import type { ModuleManifest } from '@fintech-ledger/manifest';
import type { PublicEventRegistry } from './catalogue/public-event-registry';
import { eventNotFound } from './listing/event-parameter';
import { publicEventsProjection } from './read-model/public-events-projection';

/** What clients are told of what all modules do: the list of it. It has no streams of its own. */
export const eventsModule = (registry: PublicEventRegistry): ModuleManifest => ({
  name: 'events',
  imports: ['ledger', 'privacy'],
  streams: [],
  refusals: [eventNotFound],
  scopes: ['events:read'],
  projections: [publicEventsProjection(registry)],
  policies: [],
  migrations: ['0019-public-events.sql', '0089-events-by-the-clock.sql'],
  api: [async () => (await import('@fintech-ledger/events/nest')).eventsApi(registry)],
});
