import { BrokenInvariant } from '@fintech-ledger/contract';
import type { WebhookEvent } from './events';
import { endpointCount, endpointCountKey, endpointKey, endpointOf } from './records';
import type { WebhookRecord, WebhookView } from './records';

export interface WebhookChange {
  readonly key: string;
  readonly record: WebhookRecord;
}

/** The records that an event changes. @throws BrokenInvariant when it contradicts the state */
export function evolveWebhooks(view: WebhookView, event: WebhookEvent): readonly WebhookChange[] {
  const { type } = event;
  const { endpoint } = event.data;
  const isNew = type === 'WebhookEndpointCreated';
  if (isNew !== (endpointOf(view, endpoint.id) === undefined))
    throw new BrokenInvariant(`${type} of webhook endpoint ${endpoint.id}`);
  const isDeleted = type === 'WebhookEndpointDeleted';
  const changes: WebhookChange[] = [
    { key: endpointKey(endpoint.id), record: { kind: 'webhook_endpoint', ...endpoint, isDeleted } },
  ];
  if (isNew || isDeleted) {
    const count = endpointCount(view) + (isNew ? 1 : -1);
    changes.push({ key: endpointCountKey, record: { kind: 'webhook_endpoint_count', count } });
  }
  return changes;
}
