import type { BookingLine } from '@fintech-ledger/ledger/domain';
import type { PaymentFacts } from '../facts';
import type { SplitFacts } from '../splits/split-facts';
import type { TransferFacts } from '../transfers/transfer-facts';

/** What somebody needs available for a refund. */
export interface TakenFrom {
  readonly account: string;
  readonly amount: bigint;
}
/** What a refund, or its failure, does besides the money of the payer. */
export interface GivenBack {
  readonly lines: readonly BookingLine[];
  /** After it; what the owner has pending has changed by it, and by nothing else. */
  readonly payment: PaymentFacts;
  /** Minor units. */
  readonly fee: bigint;
  readonly reversed: bigint;
  /** Where something of it moves. */
  readonly transfer?: TransferFacts;
  /** Where it was split. */
  readonly split?: SplitFacts;
  readonly sharesAgain?: readonly string[];
  readonly sharesReversed?: readonly string[];
  /** What connected accounts need available for it. */
  readonly takes: readonly TakenFrom[];
}
