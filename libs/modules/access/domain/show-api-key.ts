import type { ApiKeyFacts } from './facts';
import type { ApiKeyRevokedView, ApiKeyView } from './views';

/** A new API key in the API's shape. */
export function apiKeyView({ id, name, scopes, last4, createdAt }: ApiKeyFacts): ApiKeyView {
  return { id, object: 'api_key', name, scopes, last4, created_at: createdAt, revoked_at: null };
}

/** What is said of a key that was just revoked. */
export function revokedApiKeyView(data: {
  readonly apiKeyId: string;
  readonly revokedAt: string;
}): ApiKeyRevokedView {
  return { id: data.apiKeyId, object: 'api_key', revoked_at: data.revokedAt };
}
