import type { ApiKeyFacts, RotatedApiKeyFacts } from './facts';
import type { ApiKeyRevokedView, ApiKeyView, RotatedApiKeyView } from './views';

/** An API key in the API's shape, as the event that made it says it: what it does not say is absent. */
export function apiKeyView(facts: ApiKeyFacts): ApiKeyView {
  const { id, name, scopes, last4, createdAt, expiresAt, allowedIps } = facts;
  return {
    id,
    object: 'api_key',
    name,
    scopes,
    last4,
    created_at: createdAt,
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
    ...(allowedIps !== undefined && { allowed_ips: allowedIps }),
    revoked_at: null,
  };
}

/** The same of one that has another secret. */
export function rotatedApiKeyView(facts: RotatedApiKeyFacts): RotatedApiKeyView {
  const { expiresAt = null, allowedIps = null, olderSecrets, secretGeneration } = facts;
  return {
    ...apiKeyView(facts),
    expires_at: expiresAt,
    allowed_ips: allowedIps,
    secret_version: secretGeneration,
    previous_secret_until: olderSecrets[0]?.until ?? null,
  };
}

/** What is said of a key that was just revoked. */
export function revokedApiKeyView(data: {
  readonly apiKeyId: string;
  readonly revokedAt: string;
}): ApiKeyRevokedView {
  return { id: data.apiKeyId, object: 'api_key', revoked_at: data.revokedAt };
}
