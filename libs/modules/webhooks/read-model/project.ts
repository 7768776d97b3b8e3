import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import { webhookEvents } from '@fintech-ledger/webhooks/domain';
import type { EndpointFacts, WebhookEvent } from '@fintech-ledger/webhooks/domain';

/** An endpoint as the last event of a batch left it. */
export interface EndpointRow {
  readonly id: string;
  readonly organizationId: string;
  /** Of the first event of it in the batch, and of the last one. */
  readonly firstRevision: number;
  readonly revision: number;
  readonly endpoint: EndpointFacts;
  /** When its first event of the batch was recorded: of a row that is there already it changes nothing. */
  readonly createdMs: number;
  /** From when on it gets what is recorded; null where no event of the batch says it. */
  readonly enabledMs: number | null;
  readonly skipBeforeMs: number | null;
  readonly deletedMs: number | null;
}

const names = new Set<string>(webhookEvents.names);

/** Pure: what a batch says of webhook endpoints, each once. */
export function projectWebhookEndpoints(events: readonly DecodedEvent[]): readonly EndpointRow[] {
  const rows = new Map<string, EndpointRow>();
  for (const { owner: organizationId, revision, recordedMs, event: any } of events) {
    if (!names.has(any.type)) continue;
    const event = any as WebhookEvent;
    const { endpoint } = event.data;
    const known = rows.get(endpoint.id);
    rows.set(endpoint.id, {
      id: endpoint.id,
      organizationId,
      firstRevision: known?.firstRevision ?? revision,
      revision,
      endpoint,
      createdMs: known?.createdMs ?? recordedMs,
      enabledMs: enabledMs(event, recordedMs) ?? known?.enabledMs ?? null,
      skipBeforeMs: skipBeforeMs(event) ?? known?.skipBeforeMs ?? null,
      deletedMs: event.type === 'WebhookEndpointDeleted' ? Date.parse(event.data.deletedAt) : null,
    });
  }
  return [...rows.values()];
}

function enabledMs(event: WebhookEvent, recordedMs: number): number | undefined {
  if (event.type === 'WebhookEndpointCreated') return recordedMs;
  return event.type === 'WebhookEndpointEnabled' ? Date.parse(event.data.enabledAt) : undefined;
}
function skipBeforeMs(event: WebhookEvent): number | undefined {
  const skips = event.type === 'WebhookEndpointEnabled' && event.data.skipBacklog;
  return skips ? Date.parse(event.data.enabledAt) : undefined;
}
