import { randomBytes } from 'node:crypto';
import { InvalidWebhookSecret } from './errors';

const prefix = 'whsec_';
/** Standard Webhooks: from 192 to 512 bits. */
const [keyBytesMin, keyBytesMax] = [24, 64];

/** A secret for tests of a receiver, and for an endpoint: 256 random bits. */
export function newWebhookSecret(): string {
  return prefix + randomBytes(32).toString('base64');
}

/**
 * The key that a secret stands for.
 * @param secret `whsec_` and the key in base64; white space around it, as a file has, does not count
 * @throws InvalidWebhookSecret
 */
export function secretKey(secret: string): Uint8Array {
  if (typeof secret !== 'string' || secret.trim() === '')
    throw new InvalidWebhookSecret('The webhook secret is empty: is its variable set?');
  const text = secret.trim();
  if (!text.startsWith(prefix)) throw new InvalidWebhookSecret(`A webhook secret begins with ${prefix}`);
  const encoded = text.slice(prefix.length);
  const key = Buffer.from(encoded, 'base64');
  // Buffer.from skips what is not base64: a masked or cut secret would become another key.
  const canonical = key.toString('base64');
  if (encoded !== canonical && encoded !== canonical.replaceAll('=', ''))
    throw new InvalidWebhookSecret(
      `What follows ${prefix} in the webhook secret is not base64: copy all of it`,
    );
  if (key.length < keyBytesMin || key.length > keyBytesMax)
    throw new InvalidWebhookSecret(
      `A webhook secret has ${keyBytesMin} to ${keyBytesMax} bytes, this one has ${key.length}: copy all of it`,
    );
  return key;
}
