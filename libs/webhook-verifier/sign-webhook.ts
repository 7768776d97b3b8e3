import { createHmac } from 'node:crypto';
import { secretKey } from './secret-key';

/** One attempt at sending a message. */
export interface WebhookMessage {
  /** Of the message: the same at each attempt. */
  readonly id: string;
  /** When this attempt begins; whole seconds count. */
  readonly timestamp: Date;
  /** Exactly what is sent. */
  readonly body: string | Uint8Array;
}

/** What an id may be: a full stop would make it unclear where the id ends in what is signed. */
export const messageIdPattern = /^[!-\-/-~]{1,255}$/;

/**
 * The three headers of Standard Webhooks for an attempt.
 * @param secrets one, or while it is rotated the new one and then the old one: each signs
 * @throws InvalidWebhookSecret
 */
export function signWebhook(
  secrets: string | readonly string[],
  { id, timestamp, body }: WebhookMessage,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const seconds = String(Math.floor(timestamp.getTime() / 1_000));
  if (!messageIdPattern.test(id))
    throw new RangeError('The id of a message is 1 to 255 visible ASCII characters without a full stop');
  const signatures = [secrets].flat().map((secret) => signatureOf(secretKey(secret), id, seconds, body));
  if (signatures.length === 0) throw new RangeError('A message is signed with at least one secret');
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures.join(' ') };
}

/** `v1,` and the HMAC-SHA256 of `<id>.<seconds>.<body>` in base64. */
export function signatureOf(key: Uint8Array, id: string, seconds: string, body: string | Uint8Array): string {
  const hmac = createHmac('sha256', key).update(`${id}.${seconds}.`, 'utf8');
  const signed = typeof body === 'string' ? hmac.update(body, 'utf8') : hmac.update(body);
  return `v1,${signed.digest('base64')}`;
}
