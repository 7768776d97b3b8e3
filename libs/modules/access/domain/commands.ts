/** Opens the books of an organization; always the first command of its stream. */
export interface CreateOrganization {
  readonly type: 'CreateOrganization';
  readonly name: string;
}
/** Of a live organization: it has one more sandbox. The sandbox's own stream begins with `OpenSandbox`. */
export interface CreateSandbox {
  readonly type: 'CreateSandbox';
  readonly name: string;
  /** How many there may be; absent: the installation itself asks. */
  readonly sandboxesMax?: number;
}
/** Opens the books of a sandbox; always the first command of its stream. */
export interface OpenSandbox {
  readonly type: 'OpenSandbox';
  readonly sandboxId: string;
  readonly parentId: string;
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
export type AccessCommand = CreateOrganization | CreateSandbox | OpenSandbox | CreateApiKey | RevokeApiKey;
