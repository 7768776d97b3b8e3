/** The facts of a ledger and of a unit in their organization's stream. All times: RFC 3339, UTC, milliseconds. */
export interface LedgerFacts {
  readonly createdAt: string;
  readonly description: string | null;
  readonly id: string;
  /** The module that manages the accounts below its name; null: none. */
  readonly managed: string | null;
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
