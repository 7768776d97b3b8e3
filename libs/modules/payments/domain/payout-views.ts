import {
  answered,
  constant,
  digits,
  flag,
  livemode,
  metadata,
  named,
  object,
  oneOf,
  optional,
  page,
  position,
  text,
  time,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import { payoutStatuses } from './payout-facts';
import { currency, maybe, maybeTime } from './view-members';

const members = {
  id: text('The id of the payout.', 'po_1'),
  object: constant('payout'),
  status: oneOf(
    '`pending` until it is sent, then `in_transit`. One that was `paid` may still come back: `failed`.',
    payoutStatuses,
    'pending',
  ),
  amount: digits('In minor units.', '5000'),
  currency,
  bank_account: text('Where it is paid to.', 'ba_sim'),
  batch: maybe(
    'The payout batch that it was sent with; null: not yet, or its rail has none.',
    'pob_20260201EUR',
  ),
  connected_account: maybe('Whose balance it leaves; null: the platform’s.', 'acct_1'),
  automatic: flag('Whether a schedule made it, and no request.', false),
  rail: text('What it is paid over.', 'simulator'),
  rail_reference: maybe("The rail's own id of it.", 'sim_po_1'),
  description: maybe('What it is for.', 'January'),
  failure_code: maybe('Why it failed, for programs.', 'account_closed'),
  failure_message: maybe('Why it failed, for a person.', 'The account is closed.'),
  created_at: time('When it was made.'),
  sends_at: time('When it is handed to the rail; until then it can be canceled.'),
  canceled_at: maybeTime('When it was canceled.'),
  livemode,
  metadata,
} as const;
export const payoutShape = named(
  'Payout',
  'Money that goes from a balance to a bank account.',
  object({ ...members, position: optional(position) }),
);
/** A shape that was published only grows: what does not apply is left out there, and not null. */
export const toldPayoutShape = named(
  'ToldPayout',
  'A payout, as an event tells it.',
  object({
    ...members,
    connected_account: optional(text('Whose balance it leaves; left out: the platform’s.', 'acct_1')),
    automatic: optional(flag('Whether a schedule made it; left out: a request did.', true)),
    position: optional(position),
  }),
);
export type ToldPayoutView = ViewOf<typeof toldPayoutShape>;
export const payoutAnswer = named(
  'PayoutAnswer',
  'A payout, as a command left it.',
  object({ ...members, ...answered }),
);
export const payoutPage = page(payoutShape);
export type PayoutView = ViewOf<typeof payoutShape>;
