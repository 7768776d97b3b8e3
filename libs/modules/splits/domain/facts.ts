import type { PartyFacts } from '@fintech-ledger/payments/domain';

/* What events say of split rules. Amounts: minor units, as texts. */

/** A version of a split rule, as its event made it. */
export interface SplitRuleFacts {
  /** Of the first version. */
  readonly createdAt: string;
  /** The only one that it splits; null: any. */
  readonly currency: string | null;
  readonly id: string;
  readonly livemode: boolean;
  readonly name: string;
  /** The earlier one wins ties. */
  readonly parties: readonly PartyFacts[];
  /** When this version was made. */
  readonly updatedAt: string;
  /** 1, 2, 3, … */
  readonly version: number;
}
