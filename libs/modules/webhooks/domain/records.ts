import type { EndpointFacts } from './facts';

export interface EndpointRecord extends EndpointFacts {
  readonly kind: 'webhook_endpoint';
  readonly isDeleted: boolean;
}
/** How many endpoints there are that were not deleted. */
export interface EndpointCount {
  readonly kind: 'webhook_endpoint_count';
  readonly count: number;
}
export type WebhookRecord = EndpointRecord | EndpointCount;

export const endpointKey = (id: string): string => `webhook_endpoint:${id}`;
export const endpointCountKey = 'webhook_endpoint_count';

export interface WebhookView {
  get(key: string): WebhookRecord | undefined;
}

/** One that is there, and was not deleted. */
export function endpointOf(view: WebhookView, id: string): EndpointRecord | undefined {
  const record = view.get(endpointKey(id));
  return record?.kind === 'webhook_endpoint' && !record.isDeleted ? record : undefined;
}
export function endpointCount(view: WebhookView): number {
  const record = view.get(endpointCountKey);
  return record?.kind === 'webhook_endpoint_count' ? record.count : 0;
}
