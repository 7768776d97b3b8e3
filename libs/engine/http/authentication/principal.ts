/** Who makes a request. */
export interface Principal {
  readonly organizationId: string;
  readonly apiKeyId: string;
  readonly scopes: readonly string[];
}
