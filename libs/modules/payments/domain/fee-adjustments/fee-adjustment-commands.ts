import type { FeeComparisonFacts, RailLineKind } from './fee-adjustment-facts';

/** The fee that a rail reports of something that it has settled. */
export interface ReportedFee {
  /** Minor units; below zero: the rail gives something back. */
  readonly fee: string;
  readonly kind: RailLineKind;
  /** The payment, refund or dispute. */
  readonly object: string;
  readonly railReference: string;
}
interface OfRail {
  readonly rail: string;
}
export type FeeOfRail = ReportedFee & OfRail;

/** Somebody has asked for what a rail reports of a time. */
export interface AdjustFees extends FeeComparisonFacts {
  readonly type: 'AdjustFees';
  /** Those that differ from what was booked when they were compared. */
  readonly fees: readonly ReportedFee[];
}
/** The installation's own: a page of a report, as its rail was asked for it. */
export interface RecordFeeReport extends OfRail {
  readonly type: 'RecordFeeReport';
  /** The key of the question. */
  readonly call: string;
  readonly currency: string;
  /** Where the next page begins; null: it was the last one. */
  readonly cursor: string | null;
  /** Those that differ from what was booked when they were compared. */
  readonly fees: readonly ReportedFee[];
  /** How many lines it has. */
  readonly lines: number;
}
