export interface CreateLedger {
  readonly type: 'CreateLedger';
  readonly name: string;
  /** The module that makes it for itself. Clients make ledgers that none manages. */
  readonly managed?: string;
  readonly description?: string | null;
  readonly metadata?: Readonly<Record<string, string>>;
}
/** Declares a unit that is not an ISO 4217 currency. */
export interface DeclareUnit {
  readonly type: 'DeclareUnit';
  readonly code: string;
  readonly exponent: number;
  readonly name: string;
}
/** Fixes a declared unit's exponent; decided without an event when it is fixed already. */
export interface UseUnit {
  readonly type: 'UseUnit';
  readonly code: string;
}

/** What is asked of an organization's ledgers and units. */
export type DirectoryCommand = CreateLedger | DeclareUnit | UseUnit;
