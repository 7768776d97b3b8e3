import type { WebhookEvent } from './events';
import type { EndpointFacts } from './facts';
import { masked } from './views';
import type { WebhookEndpointView } from './views';

/** An endpoint in the API's shape, without what must not be shown. */
export function webhookEndpointView(endpoint: EndpointFacts): WebhookEndpointView {
  return {
    id: endpoint.id,
    object: 'webhook_endpoint',
    url: endpoint.url,
    event_types: endpoint.eventTypes,
    ordering: endpoint.ordering,
    headers: Object.fromEntries(endpoint.headerNames.map((name) => [name, masked])),
    description: endpoint.description,
    status: endpoint.disabledBecause === null ? 'enabled' : 'disabled',
    disabled_because: endpoint.disabledBecause,
    created_at: endpoint.createdAt,
    secret_version: endpoint.secretGeneration,
    secret: `whsec_${masked}`,
  };
}

/** What a command is answered, from its event alone. */
export function webhookAnswerView(event: WebhookEvent | undefined): object {
  if (event === undefined) return {};
  const { endpoint } = event.data;
  if (event.type === 'WebhookEndpointDeleted')
    return { id: endpoint.id, object: 'webhook_endpoint', deleted: true };
  return webhookEndpointView(endpoint);
}
