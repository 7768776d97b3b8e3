import { publicEvent, publicEvents, unpublished } from '@fintech-ledger/shapes';
import { webhookEvents } from './events';
import type { EndpointFacts } from './facts';
import { webhookEndpointView } from './show-endpoint';
import { toldWebhookEndpointShape } from './views';

const disabled = publicEvent({
  name: 'webhook_endpoint.disabled',
  description:
    'Nothing is sent to a webhook endpoint until it is enabled: somebody asked for it, it answered 410, or it failed ' +
    'for five days.',
  object: toldWebhookEndpointShape,
  shows: { status: 'disabled', disabled_because: 'failing' },
  idsOf: ({ endpoint }: { readonly disabledAt: string; readonly endpoint: EndpointFacts }) => [endpoint.id],
  objectOf: ({ endpoint }) => webhookEndpointView(endpoint),
});
const ownDoing = unpublished('Who manages endpoints has done it, and the endpoints say how they are.');

/** What the stream of an organization tells clients of its webhook endpoints. */
export const webhookPublicEvents = publicEvents(webhookEvents, {
  WebhookEndpointCreated: ownDoing,
  WebhookEndpointChanged: ownDoing,
  WebhookEndpointDeleted: ownDoing,
  WebhookSecretRotated: ownDoing,
  WebhookEndpointEnabled: ownDoing,
  WebhookEndpointDisabled: [disabled],
});
