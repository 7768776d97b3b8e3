/** Who reads which ledger, and from which revision of it on. */
export interface Reader {
  readonly organizationId: string;
  readonly ledgerId: string;
  /** The read models must have reached this revision (`Ledger-Min-Position`); absent: what this process has acknowledged. */
  readonly minRevision?: number;
  /** The same of the organization, whose read models say which ledgers it has. */
  readonly minOrganizationRevision?: number;
  /** Whatever the read models have is enough (`Ledger-Consistency: eventual`). */
  readonly isEventual?: boolean;
  /** The query takes the database long: it has its turn among those of all organizations. */
  readonly isExpensive?: boolean;
}
/** The same for what belongs to the organization itself. */
export interface OrganizationReader {
  readonly organizationId: string;
  readonly minRevision?: number;
  readonly isEventual?: boolean;
}
