import { refusal } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import type { WebhookCommand } from './commands';
import { secretsInForceMax, webhookEndpointsMax } from './limits';

export const tooManyWebhookEndpoints = refusal(
  'too_many_webhook_endpoints',
  'rule',
  `An organization has at most ${webhookEndpointsMax} webhook endpoints.`,
);
export const webhookEndpointNotFound = refusal(
  'webhook_endpoint_not_found',
  'not_found',
  'The organization has no such webhook endpoint.',
);
export const webhookEndpointEnabled = refusal(
  'webhook_endpoint_enabled',
  'conflict',
  'The webhook endpoint is enabled already.',
);
export const webhookEndpointDisabled = refusal(
  'webhook_endpoint_disabled',
  'conflict',
  'The webhook endpoint is disabled already.',
);
export const tooManyWebhookSecrets = refusal(
  'too_many_webhook_secrets',
  'rule',
  `At most ${secretsInForceMax} secrets of a webhook endpoint sign at once; an overlap of 0 s ends the older ones.`,
);
export const unknownEventType = refusal(
  'unknown_event_type',
  'rule',
  'No event has this type; the catalogue of public events lists all types.',
);
export const eventFilterMatchesNothing = refusal(
  'event_filter_matches_nothing',
  'rule',
  'No type of events begins like this, so the endpoint would never get anything for it.',
);
export const deliveryNotFound = refusal(
  'delivery_not_found',
  'not_found',
  'There is no such delivery, or it belongs to another organization.',
);

export const replayNotFound = refusal(
  'replay_not_found',
  'not_found',
  'There is no such replay, or it belongs to another organization.',
);
export const replayRunning = refusal(
  'replay_running',
  'conflict',
  'Another replay of the webhook endpoint is running; wait for its end, or cancel it.',
);
export const replayEnded = refusal('replay_ended', 'conflict', 'The replay is done, or was canceled.');
export const emptyReplayRange = refusal(
  'empty_replay_range',
  'rule',
  'There is no event to send: the range is empty, or the endpoint gets none of its events.',
);

/** What each command may be refused with, in the order of precedence; `decideWebhooks` compiles with nothing else. */
export const webhookCommandRefusals = {
  CreateWebhookEndpoint: [tooManyWebhookEndpoints],
  ChangeWebhookEndpoint: [webhookEndpointNotFound],
  DeleteWebhookEndpoint: [webhookEndpointNotFound],
  RotateWebhookSecret: [webhookEndpointNotFound, tooManyWebhookSecrets],
  EnableWebhookEndpoint: [webhookEndpointNotFound, webhookEndpointEnabled],
  DisableWebhookEndpoint: [webhookEndpointNotFound, webhookEndpointDisabled],
} as const satisfies Record<WebhookCommand['type'], readonly DeclaredRefusal[]>;

/** Every refusal that is declared here. */
export const webhookRefusals = [
  tooManyWebhookEndpoints,
  webhookEndpointNotFound,
  webhookEndpointEnabled,
  webhookEndpointDisabled,
  tooManyWebhookSecrets,
  unknownEventType,
  eventFilterMatchesNothing,
  deliveryNotFound,
  replayNotFound,
  replayRunning,
  replayEnded,
  emptyReplayRange,
];
