/** Who reads which ledger, and from which revision of it on. */
export interface Reader {
  readonly organizationId: string;
  readonly ledgerId: string;
  /** The read models must have reached this revision (`Ledger-Min-Position`). */
  readonly minRevision?: number;
}
/** The same for what belongs to the organization itself. */
export interface OrganizationReader {
  readonly organizationId: string;
  readonly minRevision?: number;
}
