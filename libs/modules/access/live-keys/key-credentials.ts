import type { ApiKeyFacts, RotatedApiKeyFacts } from '@fintech-ledger/access/domain';
import type { ApiKeyCredentials } from '@fintech-ledger/http';
import type { KeyEnd } from '@fintech-ledger/journal';

/** A key as authentication knows it, of what its last event says. */
export function credentialsOf(
  owner: Pick<ApiKeyCredentials, 'organizationId' | 'environment'>,
  apiKey: ApiKeyFacts | RotatedApiKeyFacts,
): ApiKeyCredentials {
  const { id: keyId, hmac, scopes, expiresAt, allowedIps } = apiKey;
  return {
    keyId,
    ...owner,
    hmac,
    scopes,
    ...(expiresAt !== undefined && { expiresMs: Date.parse(expiresAt) }),
    ...(allowedIps !== undefined && { allowedIps }),
    ...('secretGeneration' in apiKey && secretsOf(apiKey)),
  };
}

const secretsOf = ({ secretGeneration, olderSecrets }: RotatedApiKeyFacts) => ({
  generation: secretGeneration,
  older: olderSecrets.map(({ generation, hmac, until }) => ({
    generation,
    hmac,
    untilMs: Date.parse(until),
  })),
});

/**
 * Why a secret of a key opens nothing any more. One that is younger than what is known here was made by a rotation
 * that other processes know of already.
 */
export function endOf(
  key: ApiKeyCredentials | undefined,
  secret: number,
  nowMs: () => number,
): KeyEnd | undefined {
  if (key === undefined) return undefined;
  const { expiresMs, generation, older = [] } = key;
  if (expiresMs !== undefined && nowMs() >= expiresMs) return 'expired';
  if (generation === undefined || secret >= generation) return undefined;
  const one = older.find((before) => before.generation === secret);
  return one !== undefined && nowMs() < one.untilMs ? undefined : 'replaced';
}
