import type { Disabling, EndpointSettings } from './facts';

export interface CreateWebhookEndpoint extends EndpointSettings {
  readonly type: 'CreateWebhookEndpoint';
}
/** What is absent stays as it is. */
export interface ChangeWebhookEndpoint extends Partial<EndpointSettings> {
  readonly type: 'ChangeWebhookEndpoint';
  readonly endpointId: string;
}
export interface DeleteWebhookEndpoint {
  readonly type: 'DeleteWebhookEndpoint';
  readonly endpointId: string;
}
export interface RotateWebhookSecret {
  readonly type: 'RotateWebhookSecret';
  readonly endpointId: string;
  readonly overlapSeconds: number;
}
export interface EnableWebhookEndpoint {
  readonly type: 'EnableWebhookEndpoint';
  readonly endpointId: string;
  readonly skipBacklog: boolean;
}
export interface DisableWebhookEndpoint {
  readonly type: 'DisableWebhookEndpoint';
  readonly endpointId: string;
  readonly because: Disabling;
}
export type WebhookCommand =
  | CreateWebhookEndpoint
  | ChangeWebhookEndpoint
  | DeleteWebhookEndpoint
  | RotateWebhookSecret
  | EnableWebhookEndpoint
  | DisableWebhookEndpoint;
