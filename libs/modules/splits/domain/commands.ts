import type { PartyFacts } from '@fintech-ledger/payments/domain';

/* What is asked of split rules. */

export interface CreateSplitRule {
  readonly type: 'CreateSplitRule';
  readonly currency: string | null;
  readonly livemode: boolean;
  readonly name: string;
  readonly parties: readonly PartyFacts[];
}
/** Makes the next version. What is absent stays; a currency of null: any. */
export interface UpdateSplitRule {
  readonly type: 'UpdateSplitRule';
  readonly currency?: string | null;
  readonly name?: string;
  /** All of them. */
  readonly parties?: readonly PartyFacts[];
  readonly ruleId: string;
}
export type SplitCommand = CreateSplitRule | UpdateSplitRule;
