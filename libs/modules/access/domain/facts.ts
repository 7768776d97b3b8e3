/** The facts of an organization's stream, `org-<organizationId>`. All times: RFC 3339, UTC, milliseconds. */
export interface OrganizationFacts {
  readonly createdAt: string;
  readonly id: string;
  readonly name: string;
}
/** A sandbox, as the stream of its live organization says it. */
export interface SandboxFacts {
  readonly createdAt: string;
  readonly id: string;
  readonly name: string;
}
/** The organization that a sandbox is, as its own stream says it. */
export interface SandboxOrganizationFacts extends OrganizationFacts {
  /** The live organization that it is below. */
  readonly parentId: string;
  readonly sandboxId: string;
}
export interface ApiKeyFacts {
  readonly createdAt: string;
  /** HMAC-SHA256 of the whole key with the pepper, hex. The key itself is never kept. */
  readonly hmac: string;
  readonly id: string;
  readonly last4: string;
  readonly name: string;
  readonly scopes: readonly string[];
}
