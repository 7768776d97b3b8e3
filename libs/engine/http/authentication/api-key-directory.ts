/** What authentication knows of a key. */
export interface ApiKeyCredentials {
  readonly keyId: string;
  readonly organizationId: string;
  /** HMAC-SHA256 of the secret with the pepper, hex. */
  readonly hmac: string;
  readonly scopes: readonly string[];
  readonly revokedAt: string | null;
}

/** Where authentication finds the keys that there are. */
export interface ApiKeyDirectory {
  /** By the key's public id, also when revoked. */
  apiKeyCredentials(keyId: string): Promise<ApiKeyCredentials | null>;
}
