export interface ReportOf {
  readonly environment: string;
  readonly at: string;
  readonly currency: string;
  /** Where the page begins, as the page before says it; null: it is the first one. */
  readonly cursor: string | null;
  /** What settles from then on; inclusive. */
  readonly from: string;
  /** The most lines of a page. */
  readonly limit: number;
  /** Exclusive. */
  readonly to: string;
}

/** What the rail paid, or took, in a time in one currency: a page of it. */
export interface SettlementReport {
  /** Where the next page begins; null: this was the last one. */
  readonly cursor: string | null;
  readonly lines: readonly SettlementLine[];
  /** Σ of the lines' nets: of all pages it is what the bank shows. */
  readonly netMinor: bigint;
}

export interface SettlementLine {
  readonly kind: 'payment' | 'refund' | 'dispute' | 'dispute_reversal' | 'dispute_fee';
  /** Of the call, by which it is found in the books. */
  readonly key: string;
  readonly railReference: string;
  readonly grossMinor: bigint;
  readonly feeMinor: bigint;
  /** Gross less fee; negative where the rail takes. */
  readonly netMinor: bigint;
}
