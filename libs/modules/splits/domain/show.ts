import { showParty } from '@fintech-ledger/payments/domain';
import type { SplitRuleFacts } from './facts';
import type { SplitRuleView } from './views';

/** A split rule in the API's shape. What is rendered for a recorded event never changes. */
export function showSplitRule(rule: SplitRuleFacts): SplitRuleView {
  return {
    id: rule.id,
    object: 'split_rule',
    name: rule.name,
    currency: rule.currency,
    version: rule.version,
    parties: rule.parties.map(showParty),
    created_at: rule.createdAt,
    updated_at: rule.updatedAt,
    livemode: rule.livemode,
  };
}
