import {
  answered,
  constant,
  digits,
  list,
  livemode,
  named,
  nullable,
  object,
  optional,
  page,
  position,
  text,
  time,
  whole,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import { shareExplanation, splitPartyShape } from '@fintech-ledger/payments/domain';

const members = {
  id: text('The id of the split rule.', 'spr_1'),
  object: constant('split_rule'),
  name: text('What it is called.', 'Marketplace'),
  currency: nullable(text('ISO 4217: the only one that it splits; null: any.', 'USD'), 'value'),
  version: whole('1, and one more with each change.', 1),
  parties: list(splitPartyShape, 'Who gets a part. The earlier one wins ties.'),
  created_at: time('When its first version was made.'),
  updated_at: time('When this version was made.'),
  livemode,
} as const;
export const splitRuleShape = named(
  'SplitRule',
  'How money is split among parties.',
  object({ ...members, position: optional(position) }),
);
export const splitRuleAnswer = named(
  'SplitRuleAnswer',
  'A split rule, as a command left it.',
  object({ ...members, ...answered }),
);
export const splitRulePage = page(splitRuleShape);
export type SplitRuleView = ViewOf<typeof splitRuleShape>;

const refundShare = object({
  party: text('The id of the party.', 'dev'),
  amount: digits('In minor units: what this refund takes from it.', '7'),
  refunded: digits('In minor units: what all refunds so far take.', '7'),
});
export const splitPreviewShape = named(
  'SplitPreview',
  'What a rule makes of an amount, and why. Nothing is moved.',
  object({
    object: constant('split_preview'),
    split_rule: text('The id of the split rule.', 'spr_1'),
    version: whole('The version that is applied.', 1),
    amount: digits('In minor units: what is split.', '101'),
    currency: nullable(text('ISO 4217; null: any.', 'USD'), 'value'),
    shares: list(shareExplanation, 'What each party gets, in the order of the rule.'),
    refunds: list(
      object({
        amount: digits('In minor units: what is refunded.', '10'),
        total: digits('In minor units: with the refunds before it.', '10'),
        shares: list(refundShare, 'What it takes from each party, in the order of the rule.'),
      }),
      'What the refunds that were asked about take back, in their order.',
    ),
  }),
);
export type SplitPreviewView = ViewOf<typeof splitPreviewShape>;
