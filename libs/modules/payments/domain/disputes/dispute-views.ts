import {
  answered,
  constant,
  digits,
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
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import { currency, maybe, maybeTime } from '../view-members';
import { disputeEndings, disputeStatuses } from './dispute-facts';

const file = object({
  name: text('What it is called.', 'receipt.pdf'),
  sha256: text('The SHA-256 of its bytes, in lower-case hex.', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4'),
});
const evidence = object({
  text: text('What speaks against the dispute.', 'Delivered on 3 March, signed for.'),
  files: list(file, 'Files that prove it; they stay with you.', []),
  submitted_at: maybeTime('When it was submitted; null: it is kept, and can be changed.'),
});
const members = {
  id: text('The id of the dispute.', 'dp_1'),
  object: constant('dispute'),
  payment: text('The payment that is disputed.', 'pay_1'),
  status: oneOf(
    '`needs_response` until evidence is submitted, then `under_review` until it is decided.',
    disputeStatuses,
    'needs_response',
  ),
  amount: digits('What is disputed, in minor units: what was not refunded.', '10000'),
  fee: digits("The rail's fee, in minor units; it is not given back.", '1500'),
  currency,
  reason: text('Why the payer disputes it, as the rail says it.', 'fraudulent'),
  evidence: nullable(evidence, 'null', 'What speaks against it; null: nothing yet, or it was erased.'),
  evidence_due_by: time('Without evidence until then it is lost.'),
  rail: text('What it was paid over.', 'simulator'),
  rail_reference: text("The rail's own id of the dispute.", 'sim_dp_1'),
  description: maybe('Your own words.', 'Order 1001'),
  created_at: time('When it was opened.'),
  closed_at: maybeTime('When it was won or lost.'),
  closed_because: nullable(
    oneOf(
      '`accepted`: by you. `no_response`: there was no evidence in time. `decided`: by who judges it.',
      disputeEndings,
      'decided',
    ),
    'null',
  ),
  livemode,
  metadata,
} as const;
export const disputeShape = named(
  'Dispute',
  'A payer has asked their bank for the money back.',
  object({ ...members, position: optional(position) }),
);
export const disputeAnswer = named(
  'DisputeAnswer',
  'A dispute, as a command left it.',
  object({ ...members, ...answered }),
);
export const disputePage = page(disputeShape);
export type DisputeView = ViewOf<typeof disputeShape>;
