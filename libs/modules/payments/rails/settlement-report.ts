export interface ReportOf {
  readonly environment: string;
  readonly at: string;
  /** `2026-01-05`, UTC. */
  readonly day: string;
  readonly currency: string;
}

/** Everything that the rail paid, or took, on a day in one currency. */
export interface SettlementReport extends ReportOf {
  readonly lines: readonly SettlementLine[];
  /** Σ of the lines' nets: what the bank shows. */
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
