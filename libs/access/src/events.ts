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

export interface OrganizationCreated {
  readonly type: 'OrganizationCreated';
  readonly data: { readonly organization: OrganizationFacts };
}
export interface ApiKeyCreated {
  readonly type: 'ApiKeyCreated';
  readonly data: { readonly apiKey: ApiKeyFacts };
}
export interface ApiKeyRevoked {
  readonly type: 'ApiKeyRevoked';
  readonly data: { readonly apiKeyId: string; readonly revokedAt: string };
}
export interface LedgerCreated {
  readonly type: 'LedgerCreated';
  readonly data: { readonly ledger: LedgerFacts };
}
/** Said again with other values as long as nothing uses the unit. */
export interface UnitDeclared {
  readonly type: 'UnitDeclared';
  readonly data: { readonly unit: UnitFacts };
}
/** An account in this unit was opened: from now on its exponent is fixed. */
export interface UnitUsed {
  readonly type: 'UnitUsed';
  readonly data: { readonly code: string };
}

export type AccessEvent =
  OrganizationCreated | ApiKeyCreated | ApiKeyRevoked | LedgerCreated | UnitDeclared | UnitUsed;
