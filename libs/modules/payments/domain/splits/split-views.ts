import {
  answered,
  constant,
  digits,
  flag,
  list,
  livemode,
  metadata,
  named,
  nullable,
  object,
  oneOf,
  optional,
  page,
  position,
  text,
  time,
  whole,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import { currency, maybe } from '../view-members';

const bound = (description: string) => nullable(digits(description, '30'));

export const splitPartyShape = named(
  'SplitParty',
  'Who gets a part of what is split.',
  object({
    id: text('The id of the party in its rule.', 'dev'),
    role: text('What it is to the platform.', 'developer'),
    account: text('`platform`, or the id of a connected account.', 'acct_1'),
    share_bps: nullable(whole('Of the whole, in hundredths of a percent.', 1000), 'value'),
    remainder: flag('Whether it gets all that is left.', false),
    fixed_amount: bound('In minor units: what it gets in any case.'),
    min_amount: bound('In minor units: what it gets at least.'),
    max_amount: bound('In minor units: what it gets at most.'),
  }),
);
export type SplitPartyView = ViewOf<typeof splitPartyShape>;

const ofParty = {
  party: text('The id of the party.', 'dev'),
  role: text('What it is to the platform.', 'developer'),
  account: text('`platform`, or the id of a connected account.', 'acct_1'),
} as const;
const refunded = digits(
  'In minor units: what came back of it, with refunds that have not failed and after a dispute that is lost.',
  '0',
);

const explanation = {
  ...ofParty,
  exact: object(
    { numerator: digits('Above the line.', '707'), denominator: digits('Below it.', '10') },
    'What is exactly its due, in minor units, as a fraction in lowest terms.',
  ),
  floor: digits('That, rounded down.', '70'),
  remainder_rank: nullable(
    whole('Without a party with the remainder: 1 gets the first unit that the floors leave.', 1),
    'value',
  ),
  bound: nullable(
    oneOf('The bound that held its share.', ['min_amount', 'max_amount'] as const, 'min_amount'),
  ),
  amount: digits('In minor units: what it gets.', '71'),
} as const;
export const shareExplanation = object(explanation);
export type ShareExplanation = ViewOf<typeof shareExplanation>;

const rule = {
  split_rule: maybe('The rule that it was split by; null: its parties were said with it.', 'spr_1'),
  version: nullable(whole('The version of that rule.', 1), 'value'),
} as const;
const members = {
  id: text('The id of the split.', 'spl_1'),
  object: constant('split'),
  payment: text('The payment that was split.', 'pay_1'),
  ...rule,
  amount: digits('In minor units: what was captured of the payment, the sum of all shares.', '101'),
  currency,
  parties: list(splitPartyShape, 'By what it was split. The earlier one wins ties.'),
  shares: list(
    object({ ...ofParty, amount: digits('In minor units: what it got.', '71'), refunded }),
    'What each party got, in the order of the parties.',
  ),
  description: maybe('What it is for.', 'January'),
  created_at: time('When it was made.'),
  livemode,
  metadata,
} as const;
export const splitShape = named(
  'Split',
  'Money of a payment that was split among parties.',
  object({ ...members, position: optional(position) }),
);
export const splitAnswer = named(
  'SplitAnswer',
  'A split, as a command left it.',
  object({ ...members, ...answered }),
);
export const splitPage = page(splitShape);
export type SplitView = ViewOf<typeof splitShape>;

export const splitExplanationShape = named(
  'SplitExplanation',
  'How each amount of a split came about, to the unit.',
  object({
    object: constant('split_explanation'),
    split: text('The id of the split.', 'spl_1'),
    payment: text('The payment that was split.', 'pay_1'),
    ...rule,
    amount: digits('In minor units: what was split.', '101'),
    currency,
    shares: list(object({ ...explanation, refunded }), 'Why each party got its share, in their order.'),
    position: optional(position),
  }),
);
export type SplitExplanationView = ViewOf<typeof splitExplanationShape>;
