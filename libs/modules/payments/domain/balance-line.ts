export const balanceLineTypes = [
  ...(['payment', 'refund', 'refund_failure'] as const),
  ...(['payout', 'payout_failure', 'payout_cancel'] as const),
  ...(['dispute', 'dispute_reversal', 'dispute_fee'] as const),
  ...(['transfer', 'transfer_reversal'] as const),
  ...(['application_fee', 'application_fee_refund'] as const),
  ...(['reserve_hold', 'reserve_release'] as const),
  'conversion',
  'adjustment',
] as const;
export type BalanceLineType = (typeof balanceLineTypes)[number];

/** When a line becomes available. RFC 3339. */
export interface LineSettlement {
  /** Of the settlement's record. */
  readonly key: string;
  readonly availableOn: string;
}

/** Of somebody's balance. Σ net of all lines is what is available, pending and reserved, at every moment. */
export interface BalanceLine {
  readonly id: string;
  readonly type: BalanceLineType;
  /** Minor units; below zero: it leaves the balance. */
  readonly amount: bigint;
  /** What of the fee is the platform's; absent: nothing. */
  readonly applicationFee?: bigint;
  /** The rail's, and the platform's. */
  readonly fee: bigint;
  readonly currency: string;
  readonly livemode: boolean;
  /** How much moves inside the balance; absent: nothing does. */
  readonly moved?: bigint;
  /** Whose balance: the platform's, or a connected account's, by its id. */
  readonly owner: string;
  /** What brought it about. */
  readonly source: string;
  /** Null: it is available from its beginning. */
  readonly settlement: LineSettlement | null;
}
/** Of the line that a booked transaction has in a balance; where it has several, each has an ending of its own. */
export const lineIdOf = ({ id }: { readonly id: string }): string => `bt_${id.slice(id.indexOf('_') + 1)}`;
export const netOf = ({ amount, fee }: Pick<BalanceLine, 'amount' | 'fee'>): bigint => amount - fee;
