/** What of a rail's report has a fee: each kind of line. */
export const railLineKinds = ['payment', 'refund', 'dispute', 'dispute_reversal', 'dispute_fee'] as const;
export type RailLineKind = (typeof railLineKinds)[number];
export const isRailLineKind = (kind: string): kind is RailLineKind =>
  (railLineKinds as readonly string[]).includes(kind);

/** Fees that one command adjusts, and so lines of a page of a report, at most. */
export const feesAtOnce = 250;
/** An append of this size takes all that so many fees book, as large as it may be. */
const feesBytesMax = 1_024 * 1_024;
/** The fees of which one append of a store takes all that they book. */
export const feesWithin = (appendBytesMax: number): number =>
  Math.max(1, Math.min(feesAtOnce, Math.floor((appendBytesMax * feesAtOnce) / feesBytesMax)));

/** A fee that a rail reports, and that is not what was booked of it until then. Amounts: minor units. */
export interface FeeAdjustmentFacts {
  /** What the rail takes more than was booked; below zero: less. */
  readonly amount: string;
  /** Whose payment it is, who bears the rail's fees; null: the platform's. */
  readonly connectedAccount: string | null;
  readonly currency: string;
  /** The fee that was booked with the payment, refund or dispute. */
  readonly expected: string;
  readonly kind: RailLineKind;
  readonly livemode: boolean;
  /** The payment, refund or dispute. */
  readonly object: string;
  readonly rail: string;
  readonly railReference: string;
  /** The fee that the rail reports; below zero: it gives something back. */
  readonly reported: string;
}

/** That somebody had fees compared, and what of. */
export interface FeeComparisonFacts {
  /** What the rail reports from then on; inclusive. */
  readonly from: string;
  /** Whether more differ than one command adjusts. */
  readonly hasMore: boolean;
  readonly livemode: boolean;
  readonly rail: string;
  /** Exclusive. */
  readonly to: string;
}

/** What was adjusted of a line by now. */
export interface FeeAdjustmentRecord {
  readonly kind: 'feeAdjustment';
  /** Minor units, all adjustments together. */
  readonly amount: string;
}
