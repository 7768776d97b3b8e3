import { BrokenInvariant } from '@fintech-ledger/contract';
import { splitRuleKey, splitRuleVersionKey } from '@fintech-ledger/payments/domain';
import type { SplitEvent } from './events';
import { splitRuleRecordOf } from './records';
import type { SplitsRecord, SplitsView } from './records';

interface SplitChange {
  readonly key: string;
  readonly record: SplitsRecord;
}

/** The records that an event changes: earlier versions stay. @throws BrokenInvariant when it contradicts the state */
export function evolveSplits(view: SplitsView, event: SplitEvent, revision: number): readonly SplitChange[] {
  const {
    type,
    data: { splitRule: rule },
  } = event;
  const { id } = rule;
  const known = splitRuleRecordOf(view, id);
  const before = known?.rule;
  if ((type === 'SplitRuleCreated') !== (before === undefined) || rule.version !== (before?.version ?? 0) + 1)
    throw new BrokenInvariant(`${type} of ${id}`);
  const madeAt = [...(known?.madeAt ?? []), revision];
  const newest: SplitChange = { key: splitRuleKey(id), record: { kind: 'split_rule', madeAt, rule } };
  if (before === undefined) return [newest];
  const key = splitRuleVersionKey(id, before.version);
  return [newest, { key, record: { kind: 'split_rule_version', rule: before } }];
}
