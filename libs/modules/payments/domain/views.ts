import {
  answered,
  constant,
  digits,
  either,
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
import { attemptStatuses, captureMethods, paymentStatuses } from './facts';
import { currency, maybe, maybeTime } from './view-members';

export * from './refund-views';

const paymentId = text('The id of the payment.', 'pay_1');
const declineCode = maybe('Why the rail declined.', 'insufficient_funds');

export const cardShape = named(
  'Card',
  'What may be shown of a card.',
  object({
    brand: text('The brand.', 'visa'),
    last4: text('The last four digits.', '4242'),
    exp_month: whole('The month in which it expires.', 12),
    exp_year: whole('The year in which it expires.', 2034),
    fingerprint: text('The same for the same card.', 'fp_sim_visa'),
    funding: text('What kind of card it is.', 'credit'),
    country: text('ISO 3166-1 alpha-2, of the issuer.', 'US'),
  }),
);

export type CardView = ViewOf<typeof cardShape>;

const paymentError = named(
  'PaymentError',
  'Why the last attempt failed.',
  object({
    code: text('For programs.', 'payment_declined'),
    decline_code: declineCode,
    message: text('For a person.', 'The card has insufficient funds.'),
  }),
);
const redirect = named(
  'RedirectToUrl',
  'The payer has to act at a page.',
  object({
    type: constant('redirect_to_url'),
    redirect_to_url: object(
      {
        url: text('Where to send the payer. The page ends at `return_url`.', 'https://pay.example/…'),
        return_url: maybe('Where the payer comes back to.', 'https://shop.example/done'),
      },
      'Where the payer acts.',
    ),
  }),
);

const transferInstructions = named(
  'BankTransferInstructions',
  'The payer has to transfer the money.',
  object({
    type: constant('display_bank_transfer_instructions'),
    iban: text('Of the account that it is to come to.', 'DE89370400440532013000'),
    bic: maybe('Of its bank.', 'COBADEFFXXX'),
    account_holder: text('Whose account it is.', 'Example Shop Ltd'),
    reference: text('What the payer has to name: a creditor reference, ISO 11649.', 'RF18539007547034'),
    amount: digits('What is to be transferred, in minor units.', '10000'),
    currency,
    expires_at: time('Until when the money is waited for.'),
  }),
);
const nextAction = named('NextAction', 'What the payer has to do.', either(redirect, transferInstructions));

const members = {
  id: paymentId,
  object: constant('payment'),
  status: oneOf(
    'What it waits for, or how it ended. A declined one is `requires_payment_method` again.',
    paymentStatuses,
    'succeeded',
  ),
  amount: digits('In minor units.', '10000'),
  amount_capturable: digits('What is authorized and not captured.', '0'),
  amount_received: digits('What was captured.', '10000'),
  amount_refunded: digits('What was refunded, less refunds that failed.', '0'),
  currency,
  capture_method: oneOf(
    '`automatic`: captured when it is confirmed. `manual`: authorized, and captured by a command.',
    captureMethods,
    'automatic',
  ),
  payment_method: nullable(text('What it is paid with.', 'pm_card_visa'), 'value'),
  rail: nullable(text('What it is paid over.', 'simulator'), 'value'),
  last_payment_error: nullable(paymentError, 'null', 'Why the last attempt failed; null: it did not.'),
  latest_attempt: nullable(text('The last attempt.', 'att_1'), 'value'),
  customer: maybe('The customer who pays.', 'cus_1'),
  description: nullable(text('What it is for.', 'order 1001'), 'value'),
  connected_account: maybe('Whose payment it is, where it is not the platform’s.', 'acct_1'),
  application_fee_amount: nullable(digits('What the platform takes of it.', '1500')),
  transfer_data: nullable(
    object({
      destination: text('The connected account that gets it.', 'acct_1'),
      amount: nullable(digits('How much of it; null: the whole.', '8500')),
    }),
    'null',
    'Who gets it, where it is transferred at once.',
  ),
  transfer_group: maybe('A label for what belongs together.', 'order-1001'),
  split_rule: maybe('By which rule it is split.', 'spr_1'),
  return_url: maybe('Where a payer comes back to who had to act elsewhere.', 'https://shop.example/done'),
  next_action: nullable(nextAction, 'null', 'What the payer has to do; null: nothing.'),
  split: maybe('How it was split.', 'spl_1'),
  transfers: list(text('A transfer.', 'tr_1'), 'What was transferred of it.', []),
  disputed: flag('Whether it was disputed.', false),
  created_at: time('When it was created.'),
  expires_at: maybeTime('When an authorization ends, or instructions do.'),
  canceled_at: maybeTime('When it was canceled.'),
  cancellation_reason: maybe('Why it was canceled.', 'expired'),
  livemode,
  metadata,
} as const;

/** Where the object was read: the place of its last event. */
const at = { position: optional(position) };
export const paymentShape = named(
  'Payment',
  'Money that is asked of a payer.',
  object({ ...members, ...at }),
);
export const paymentAnswer = named(
  'PaymentAnswer',
  'A payment, as a command left it.',
  object({ ...members, ...answered }),
);
export const paymentPage = page(paymentShape);
export type PaymentView = ViewOf<typeof paymentShape>;

export const attemptShape = named(
  'PaymentAttempt',
  'One confirm of a payment, and what became of it.',
  object({
    id: text('The id of the attempt.', 'att_1'),
    object: constant('payment_attempt'),
    payment: paymentId,
    status: oneOf(
      'How far it has come. `unknown`: the rail did not answer, and is asked.',
      attemptStatuses,
      'succeeded',
    ),
    amount: digits('In minor units.', '10000'),
    currency,
    payment_method: text('What was paid with.', 'pm_card_visa'),
    card: nullable(cardShape, 'value', 'The card, where it is one.'),
    rail: text('What was paid over.', 'simulator'),
    rail_reference: nullable(text("The rail's own id of it.", 'sim_1'), 'value'),
    code: maybe('Why it failed.', 'payment_declined'),
    decline_code: declineCode,
    created_at: time('When it was confirmed.'),
    livemode,
  }),
);
export const attemptPage = page(attemptShape);
export type AttemptView = ViewOf<typeof attemptShape>;

export const simulatorShape = named(
  'Simulator',
  'How the simulator behaves in a sandbox.',
  object({
    object: constant('simulator'),
    fee_bps: whole('Its fee for a capture, in hundredths of a percent.', 290),
    fee_fixed: digits('Its fixed fee for a capture, in minor units of the currency.', '30'),
    settlement_days: whole('Days from a capture to when it is available.', 2),
    dispute_fee: digits('Its fee for a dispute, in minor units of the currency.', '1500'),
  }),
);
export type SimulatorView = ViewOf<typeof simulatorShape>;

export const reportedFeeShape = named(
  'ReportedFee',
  'What the simulator reports from now on.',
  object({
    object: constant('reported_fee'),
    payment: paymentId,
    kind: oneOf('Of which lines.', ['payment', 'refund', 'dispute_fee'], 'payment'),
    fee: digits('In minor units.', '350'),
    lines: whole('Of how many lines.', 1),
  }),
);

export const payerActionShape = named(
  'PayerAction',
  'What a payer did at the page of the simulator.',
  object({
    object: constant('payer_action'),
    payment: paymentId,
    outcome: oneOf('What it came to.', ['succeeded', 'failed'], 'succeeded'),
    return_url: maybe(
      'Where the payer goes on, with `payment` and `redirect_status`.',
      'https://shop.example/done',
    ),
  }),
);
