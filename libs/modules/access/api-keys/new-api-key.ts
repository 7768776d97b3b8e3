import { randomBytes } from 'node:crypto';
import {
  apiKeyIdBytes,
  apiKeySecretBytes,
  formatApiKey,
  newApiKeyId,
  parseApiKey,
} from '@fintech-ledger/access/domain';
import type { CreateApiKey, KeyMode } from '@fintech-ledger/access/domain';
import { apiKeyHmac } from './api-key-secret';

/** A key, and the command that makes it known: only its HMAC and its last four characters are kept. */
export interface NewApiKey {
  readonly token: string;
  readonly command: CreateApiKey;
}

/** A key of this secret, with an id of its own. @param mode absent: as earlier releases made keys */
export function newApiKey(
  pepper: string,
  secret: Uint8Array,
  name: string,
  scopes: readonly string[],
  mode?: KeyMode,
): NewApiKey {
  const apiKeyId = newApiKeyId(Date.now(), randomBytes(apiKeyIdBytes));
  return ofToken(pepper, apiKeyId, formatApiKey(apiKeyId, secret, mode), name, scopes);
}

/** Another secret for a key that there is, and the command that makes it known. */
export function newSecret(
  pepper: string,
  apiKeyId: string,
  mode: KeyMode,
): { readonly token: string } & Pick<CreateApiKey, 'hmac' | 'last4'> {
  const token = formatApiKey(apiKeyId, randomBytes(apiKeySecretBytes), mode);
  return { token, hmac: apiKeyHmac(pepper, token), last4: token.slice(-4) };
}

/** The same of a key that there is; undefined: it is none. */
export function apiKeyCommand(
  pepper: string,
  token: string,
  name: string,
  scopes: readonly string[],
): NewApiKey | undefined {
  const apiKeyId = parseApiKey(token)?.apiKeyId;
  return apiKeyId === undefined ? undefined : ofToken(pepper, apiKeyId, token, name, scopes);
}

function ofToken(
  pepper: string,
  apiKeyId: string,
  token: string,
  name: string,
  scopes: readonly string[],
): NewApiKey {
  const hmac = apiKeyHmac(pepper, token);
  return {
    token,
    command: { type: 'CreateApiKey', apiKeyId, hmac, last4: token.slice(-4), name, scopes },
  };
}
