import { parseApiKey, scopesOf } from '@fintech-ledger/access/domain';
import type { ApiKeyFormat } from '@fintech-ledger/http';
import { deriveKey } from '@fintech-ledger/journal';
import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * What is kept of a key: HMAC-SHA256 under a key that is derived from the pepper for this alone, hex. API keys
 * are random, so a fast hash is enough (argon2id is for passwords); the pepper makes a stolen table useless on
 * its own.
 */
export function apiKeyHmac(pepper: string, token: string): string {
  return createHmac('sha256', derivedFrom(pepper)).update(token).digest('hex');
}

const derivedFrom = (pepper: string): Buffer => deriveKey(pepper, 'api-key/1', 32);

/** Whether this is the key whose HMAC was kept, in constant time. Earlier releases made that with the pepper itself. */
export function isApiKey(pepper: string, token: string, hmac: string): boolean {
  return isKeyUnder([derivedFrom(pepper), pepper], token, hmac);
}

function isKeyUnder(secrets: readonly (Buffer | string)[], token: string, hmac: string): boolean {
  const kept = Buffer.from(hmac, 'hex');
  return secrets.some((secret) => {
    const made = createHmac('sha256', secret).update(token).digest();
    return kept.length === made.length && timingSafeEqual(kept, made);
  });
}

/**
 * The secret of a first key that an earlier release made, and each start of it made again: 32 bytes, by HMAC-SHA256
 * from the pepper.
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
  const secrets = [derivedFrom(pepper), pepper];
  return {
    idOf: (token) => parseApiKey(token)?.apiKeyId,
    isKey: (token, hmac) => isKeyUnder(secrets, token, hmac),
    scopesOf: (granted, environment) => scopesOf(granted, environment === 'operator'),
  };
}
