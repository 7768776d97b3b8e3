import type { ModuleManifest } from '@fintech-ledger/manifest';
import { forbiddenUrl, invalidRequestHeader, invalidUrl } from '@fintech-ledger/outbound';
import { webhookEvents, webhookPublicEvents, webhookRefusals } from '@fintech-ledger/webhooks/domain';
import { webhooksPart } from './endpoints/webhooks-part';
import { takeCursorsBack } from './outbox/take-back';
import { webhookEndpointsProjection } from './read-model/endpoints-projection';

/** Sends public events to URLs that clients name. */
export const webhooksModule: ModuleManifest = {
  name: 'webhooks',
  imports: ['access', 'events', 'privacy'],
  streams: [{ events: webhookEvents, part: webhooksPart, publicEvents: webhookPublicEvents }],
  refusals: [...webhookRefusals, invalidUrl, forbiddenUrl, invalidRequestHeader],
  scopes: ['webhooks:read', 'webhooks:write'],
  projections: [webhookEndpointsProjection],
  outboxes: ['webhook_messages'],
  policies: [],
  takeBack: takeCursorsBack,
  migrations: [
    '0022-webhook-endpoints.sql',
    '0023-webhook-outbox.sql',
    '0024-webhook-replays.sql',
    '0025-webhook-queue.sql',
    '0034-webhook-claims.sql',
    '0080-kept-responses.sql',
    '0090-asked-webhooks.sql',
  ],
  api: [async () => (await import('@fintech-ledger/webhooks/nest')).webhooksApi],
};
