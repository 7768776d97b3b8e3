import { parseApiKey, scopesOf } from '@fintech-ledger/access/domain';
import type { ApiKeyFormat } from '@fintech-ledger/http';
import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * What is kept of a key: HMAC-SHA256 with the pepper, hex. Keys are random, so a fast hash is enough (argon2id is for
 * passwords); the pepper makes a stolen table useless on its own.
 */
export function apiKeyHmac(pepper: string, token: string): string {
  return createHmac('sha256', pepper).update(token).digest('hex');
}

/** Whether this is the key whose HMAC was kept, in constant time. */
export function isApiKey(pepper: string, token: string, hmac: string): boolean {
  const expected = Buffer.from(hmac, 'hex');
  const actual = createHmac('sha256', pepper).update(token).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/**
 * The secret of the first key, which each start makes again although only an HMAC of it is kept. 32 bytes, by
 * HMAC-SHA256 from the pepper.
 */
export function derivedApiKeySecret(
  pepper: string,
  organizationId: string,
  idempotencyKey: string,
): Uint8Array {
  return createHmac('sha256', pepper)
    .update(JSON.stringify(['api_key_secret', organizationId, idempotencyKey]))
    .digest();
}

/** How API keys whose HMACs were made with this pepper are told from others. */
export function apiKeysUnder(pepper: string): ApiKeyFormat {
  return {
    idOf: (token) => parseApiKey(token)?.apiKeyId,
    isKey: (token, hmac) => isApiKey(pepper, token, hmac),
    scopesOf,
  };
}
