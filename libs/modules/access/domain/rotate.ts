import { refused } from '@fintech-ledger/contract';
import type { PartDecision } from '@fintech-ledger/contract';
import type { RotateApiKey } from './commands';
import type { AccessEvent } from './events';
import type { OlderKeySecret } from './facts';
import { keyBeyond } from './key-beyond';
import { keySecretsMax } from './limits';
import { apiKeyOf } from './records';
import type { ApiKeyRecord, AccessView } from './records';
import { apiKeyExpired, apiKeyNotFound, apiKeyRevoked, tooManyApiKeySecrets } from './refusals';

type Decision = PartDecision<
  AccessEvent,
  | 'api_key_not_found'
  | 'scope_beyond_own'
  | 'api_key_revoked'
  | 'api_key_expired'
  | 'too_many_api_key_secrets'
>;

/** What was promised to open until a time does so, unless the new secret is to open alone. All of it is real time. */
export function rotateApiKey(
  view: AccessView,
  command: RotateApiKey,
  context: { readonly now: string; readonly recordedAt?: string },
): Decision {
  const { recordedAt: now = context.now } = context;
  const nowMs = Date.parse(now);
  const key = apiKeyOf(view, command.apiKeyId);
  if (key === undefined) return refused(apiKeyNotFound, `There is no API key ${command.apiKeyId}.`);
  const beyond = keyBeyond(command.scopes, key);
  if (beyond !== undefined) return { kind: 'refused', refusal: beyond };
  if (key.revokedAt !== null)
    return refused(apiKeyRevoked, `API key ${key.id} was revoked at ${key.revokedAt}.`);
  if (key.expiresAt !== undefined && Date.parse(key.expiresAt) <= nowMs)
    return refused(apiKeyExpired, `API key ${key.id} expired at ${key.expiresAt}.`);
  const isAlone = command.overlapSeconds === 0;
  const before = isAlone ? [] : (key.olderSecrets ?? []).filter(({ until }) => nowMs < Date.parse(until));
  // Beside them are the new one and the one that is the newest now.
  if (before.length + 2 > keySecretsMax) {
    const open = `${before.length + 1} secrets of API key ${key.id} open now`;
    return refused(tooManyApiKeySecrets, `${open}; ${keySecretsMax} at most.`);
  }
  const until = new Date(nowMs + command.overlapSeconds * 1_000).toISOString();
  return {
    kind: 'decided',
    events: [rotated(key, command, isAlone ? [] : [replaced(key, until), ...before], now)],
  };
}

const generationOf = ({ secretGeneration = 1 }: ApiKeyRecord): number => secretGeneration;

const replaced = (key: ApiKeyRecord, until: string): OlderKeySecret => ({
  generation: generationOf(key),
  hmac: key.hmac,
  until,
});

function rotated(
  key: ApiKeyRecord,
  { hmac, last4 }: RotateApiKey,
  olderSecrets: readonly OlderKeySecret[],
  rotatedAt: string,
): AccessEvent {
  const { kind: _kind, revokedAt: _none, ...facts } = key;
  const secretGeneration = generationOf(key) + 1;
  return {
    type: 'ApiKeyRotated',
    data: { apiKey: { ...facts, hmac, last4, olderSecrets, secretGeneration }, rotatedAt },
  };
}
