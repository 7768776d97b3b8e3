export { InvalidWebhookSecret, RawBodyMissing, WebhookVerificationError } from './errors';
export type { WebhookErrorCode } from './errors';
export type { WebhookHeaders } from './read-headers';
export { newWebhookSecret } from './secret-key';
export { signWebhook } from './sign-webhook';
export type { WebhookMessage } from './sign-webhook';
export type { WebhookEvent } from './webhook-event';
export { WebhookVerifier } from './webhook-verifier';
export type { VerifiedWebhook, WebhookVerifierOptions } from './webhook-verifier';
