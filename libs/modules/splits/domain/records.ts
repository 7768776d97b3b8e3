import { splitRuleKey } from '@fintech-ledger/payments/domain';
import type { SplitRuleFacts } from './facts';

export interface SplitRuleRecord {
  readonly kind: 'split_rule';
  /** The revision of the event that made each version, the first one first. */
  readonly madeAt: readonly number[];
  /** The newest version. */
  readonly rule: SplitRuleFacts;
}
/** An earlier version: what was made by it refers to it. */
export interface SplitRuleVersionRecord {
  readonly kind: 'split_rule_version';
  readonly rule: SplitRuleFacts;
}
export type SplitsRecord = SplitRuleRecord | SplitRuleVersionRecord;

/** Read access to a journal's state, in which others have records too. */
export interface SplitsView {
  get(key: string): { readonly kind: string } | undefined;
}
export function splitRuleRecordOf(view: SplitsView, id: string): SplitRuleRecord | undefined {
  const record = view.get(splitRuleKey(id));
  return record?.kind === 'split_rule' ? (record as SplitRuleRecord) : undefined;
}
export const splitRuleOf = (view: SplitsView, id: string): SplitRuleFacts | undefined =>
  splitRuleRecordOf(view, id)?.rule;
