import { randomBytes } from 'node:crypto';
import { apiKeyIdBytes, formatApiKey, newApiKeyId } from '@fintech-ledger/access/domain';
import type { CreateApiKey } from '@fintech-ledger/access/domain';
import { apiKeyHmac } from './api-key-secret';

/** A key of this secret, and the command that makes it known: only its HMAC and its last four characters are kept. */
export function newApiKey(
  pepper: string,
  secret: Uint8Array,
  name: string,
  scopes: readonly string[],
): { readonly token: string; readonly command: CreateApiKey } {
  const apiKeyId = newApiKeyId(Date.now(), randomBytes(apiKeyIdBytes));
  const token = formatApiKey(apiKeyId, secret);
  const hmac = apiKeyHmac(pepper, token);
  return {
    token,
    command: { type: 'CreateApiKey', apiKeyId, hmac, last4: token.slice(-4), name, scopes },
  };
}
