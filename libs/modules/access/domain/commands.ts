/** Opens the books of an organization; always the first command of its stream. */
export interface CreateOrganization {
  readonly type: 'CreateOrganization';
  readonly name: string;
}
/** The key was made before (see `makeApiKey`): only its HMAC and its last four characters travel on. */
export interface CreateApiKey {
  readonly type: 'CreateApiKey';
  readonly apiKeyId: string;
  readonly hmac: string;
  readonly last4: string;
  readonly name: string;
  readonly scopes: readonly string[];
}
export interface RevokeApiKey {
  readonly type: 'RevokeApiKey';
  readonly apiKeyId: string;
  /** The scopes of who asks, which may take away no more; absent: the installation itself asks. */
  readonly scopes?: readonly string[];
}
export type AccessCommand = CreateOrganization | CreateApiKey | RevokeApiKey;
