import {
  EventList,
  eventType,
  flag,
  listOf,
  named,
  object,
  oneOf,
  orNull,
  text,
  textOrNull,
  time,
  wholeNumber,
  withMore,
} from '@fintech-ledger/contract';
import type { AnyEventType, EventsOf } from '@fintech-ledger/contract';
import { disablings, orderings } from './facts';
import type { EndpointFacts, OlderSecret } from './facts';
import { secretsInForceMax } from './limits';
import { endpointCountKey, endpointKey } from './records';

const endpoint = named(
  'webhookEndpoint',
  object<Omit<EndpointFacts, 'olderSecrets'>>({
    createdAt: time,
    description: textOrNull(),
    disabledBecause: orNull(oneOf(...disablings)),
    eventTypes: listOf(text({ minLength: 1 })),
    headerNames: listOf(text({ minLength: 1 })),
    headersRef: textOrNull({ description: 'Under which the values of the headers are kept, sealed' }),
    id: text({ pattern: '^we_[0-9A-Za-z_-]+$' }),
    ordering: oneOf(...orderings),
    previousSecretUntil: orNull(time),
    secretGeneration: wholeNumber({ description: 'How often it was given a secret', minimum: 1 }),
    url: text({ minLength: 1 }),
  }),
);

const olderSecrets = listOf(object<OlderSecret>({ generation: wholeNumber({ minimum: 1 }), until: time }), {
  maxItems: secretsInForceMax - 2,
  minItems: 1,
});
/** The types with one version more: of an endpoint there may be secrets that sign beside the last two. */
function withOlderSecrets<const T extends readonly AnyEventType[]>(types: T): T {
  const more = { webhookEndpoint: { olderSecrets: olderSecrets.json } };
  return types.map((type) => withMore(type, more)) as unknown as T;
}

interface Left {
  /** As the event left it. */
  readonly endpoint: EndpointFacts;
}

const created = eventType({
  name: 'WebhookEndpointCreated',
  description: 'A webhook endpoint gets what happens from now on.',
  schema: object<Left>({ endpoint }),
  touches: (data) => [endpointKey(data.endpoint.id), endpointCountKey],
});
const changed = eventType({
  name: 'WebhookEndpointChanged',
  description: 'A webhook endpoint has other settings.',
  schema: object<Left & { readonly changedAt: string }>({ changedAt: time, endpoint }),
  touches: (data) => [endpointKey(data.endpoint.id)],
});
const deleted = eventType({
  name: 'WebhookEndpointDeleted',
  description: 'A webhook endpoint gets nothing any more, and is not shown.',
  schema: object<Left & { readonly deletedAt: string }>({ deletedAt: time, endpoint }),
  touches: (data) => [endpointKey(data.endpoint.id), endpointCountKey],
});
const rotated = eventType({
  name: 'WebhookSecretRotated',
  description: 'A webhook endpoint has a new secret; the one before signs too for a while.',
  schema: object<Left & { readonly rotatedAt: string }>({ endpoint, rotatedAt: time }),
  touches: (data) => [endpointKey(data.endpoint.id)],
});
const enabled = eventType({
  name: 'WebhookEndpointEnabled',
  description:
    'A webhook endpoint is sent to again; what it was not sent before is skipped where that was asked for.',
  schema: object<Left & { readonly enabledAt: string; readonly skipBacklog: boolean }>({
    enabledAt: time,
    endpoint,
    skipBacklog: flag,
  }),
  touches: (data) => [endpointKey(data.endpoint.id)],
});
const disabled = eventType({
  name: 'WebhookEndpointDisabled',
  description: 'Nothing is sent to a webhook endpoint until it is enabled.',
  schema: object<Left & { readonly disabledAt: string }>({ disabledAt: time, endpoint }),
  touches: (data) => [endpointKey(data.endpoint.id)],
});

/** What the stream of an organization says of its webhook endpoints. */
export const webhookEvents = new EventList({ prefix: 'org-' }, [
  created,
  ...withOlderSecrets([changed, deleted, rotated, enabled, disabled] as const),
]);
export type WebhookEvent = EventsOf<typeof webhookEvents>;
