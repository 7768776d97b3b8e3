/** The facts of an organization's stream, `org-<organizationId>`. All times: RFC 3339, UTC, milliseconds. */
export interface OrganizationFacts {
  readonly createdAt: string;
  readonly id: string;
  readonly name: string;
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
export interface LedgerFacts {
  readonly createdAt: string;
  readonly description: string | null;
  readonly id: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly name: string;
}
export interface UnitFacts {
  readonly code: string;
  readonly createdAt: string;
  /** Digits after the decimal point, 0 to 18. */
  readonly exponent: number;
  readonly name: string;
}
