import { refused } from '@fintech-ledger/contract';
import type { CodeOf, PartDecision } from '@fintech-ledger/contract';
import type { ChangeWebhookEndpoint, CreateWebhookEndpoint, WebhookCommand } from './commands';
import type { WebhookEvent } from './events';
import type { EndpointFacts } from './facts';
import { secretsInForceMax, webhookEndpointsMax } from './limits';
import { olderInForce } from './older-secrets';
import { endpointCount, endpointOf } from './records';
import type { EndpointRecord, WebhookView } from './records';
import {
  tooManyWebhookEndpoints,
  tooManyWebhookSecrets,
  webhookEndpointDisabled,
  webhookEndpointEnabled,
  webhookEndpointNotFound,
} from './refusals';
import type { webhookCommandRefusals } from './refusals';

export interface WebhookContext {
  /** RFC 3339, UTC, milliseconds. */
  readonly now: string;
  /** Real time, where `now` is the time of a sandbox. Absent: `now` is. */
  readonly recordedAt?: string;
  newId(prefix: string, index: number): string;
}
export type WebhookDecision<Code extends string = string> = PartDecision<WebhookEvent, Code>;
type Decision = WebhookDecision<CodeOf<(typeof webhookCommandRefusals)[WebhookCommand['type']]>>;

const decided = (event: WebhookEvent): Decision => ({ kind: 'decided', events: [event] });

/** What a command does to the webhook endpoints of an organization. */
export function decideWebhooks(
  view: WebhookView,
  command: WebhookCommand,
  context: WebhookContext,
): Decision {
  if (command.type === 'CreateWebhookEndpoint') return create(view, command, context);
  const record = endpointOf(view, command.endpointId);
  if (record === undefined)
    return refused(webhookEndpointNotFound, `There is no webhook endpoint ${command.endpointId}.`);
  // All but what the endpoint shows is of real time, in sandboxes too: it is about what is sent.
  const { recordedAt: now = context.now } = context;
  const endpoint = factsOf(record);
  switch (command.type) {
    case 'ChangeWebhookEndpoint':
      return decided({
        type: 'WebhookEndpointChanged',
        data: { changedAt: now, endpoint: { ...endpoint, ...settingsIn(command) } },
      });
    case 'DeleteWebhookEndpoint':
      return decided({ type: 'WebhookEndpointDeleted', data: { deletedAt: now, endpoint } });
    case 'RotateWebhookSecret':
      return rotate(endpoint, command.overlapSeconds, now);
    case 'EnableWebhookEndpoint':
      if (endpoint.disabledBecause === null)
        return refused(webhookEndpointEnabled, `Webhook endpoint ${endpoint.id} is enabled already.`);
      return decided({
        type: 'WebhookEndpointEnabled',
        data: {
          enabledAt: now,
          endpoint: { ...endpoint, disabledBecause: null },
          skipBacklog: command.skipBacklog,
        },
      });
    case 'DisableWebhookEndpoint':
      if (endpoint.disabledBecause !== null)
        return refused(webhookEndpointDisabled, `Webhook endpoint ${endpoint.id} is disabled already.`);
      return decided({
        type: 'WebhookEndpointDisabled',
        data: { disabledAt: now, endpoint: { ...endpoint, disabledBecause: command.because } },
      });
  }
}

function create(view: WebhookView, command: CreateWebhookEndpoint, context: WebhookContext): Decision {
  const count = endpointCount(view);
  if (count >= webhookEndpointsMax)
    return refused(
      tooManyWebhookEndpoints,
      `The organization has ${count} webhook endpoints, which is the most.`,
    );
  const { type: _type, ...settings } = command;
  const endpoint = {
    ...settings,
    createdAt: context.now,
    disabledBecause: null,
    id: context.newId('we', 0),
    previousSecretUntil: null,
    secretGeneration: 1,
  };
  return decided({ type: 'WebhookEndpointCreated', data: { endpoint } });
}

/** What was promised to sign until a time does so, unless the new secret is to sign alone. */
function rotate(endpoint: EndpointFacts, overlapSeconds: number, now: string): Decision {
  const isAlone = overlapSeconds === 0;
  const older = isAlone ? [] : olderInForce(endpoint, Date.parse(now));
  // Beside them are the new one and the one that is the newest now.
  if (older.length + 2 > secretsInForceMax)
    return refused(
      tooManyWebhookSecrets,
      `${older.length + 1} secrets of webhook endpoint ${endpoint.id} sign now; ${secretsInForceMax} at most.`,
    );
  const { olderSecrets: _before, ...rest } = endpoint;
  const until = new Date(Date.parse(now) + overlapSeconds * 1_000).toISOString();
  const rotated = {
    ...rest,
    ...(older.length > 0 && { olderSecrets: older }),
    previousSecretUntil: isAlone ? null : until,
    secretGeneration: endpoint.secretGeneration + 1,
  };
  return decided({ type: 'WebhookSecretRotated', data: { endpoint: rotated, rotatedAt: now } });
}

function settingsIn({
  type: _type,
  endpointId: _id,
  ...settings
}: ChangeWebhookEndpoint): Partial<EndpointFacts> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function factsOf({ kind: _kind, isDeleted: _deleted, ...facts }: EndpointRecord): EndpointFacts {
  return facts;
}
