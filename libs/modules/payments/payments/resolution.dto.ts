import {
  Described,
  descriptionRule,
  Is,
  Optional,
  oneOfRule,
  textRule,
  timeRule,
} from '@fintech-ledger/http';
import { railFeeRule } from './payment-rules';

const referenceRule = textRule(
  'rail_reference',
  'invalid_value',
  '1 to 200 printable characters',
  /^[\x21-\x7e]{1,200}$/,
);
const codeRule = textRule(
  'decline_code',
  'invalid_value',
  '1 to 64 characters of a-z, 0-9, _',
  /^[a-z0-9_]{1,64}$/,
);
const paymentOutcomes = ['authorized', 'captured', 'declined', 'voided'] as const;
const refundOutcomes = ['refunded', 'refund_failed'] as const;
const payoutOutcomes = ['paid', 'failed'] as const;
const payoutOutcomeRule = oneOfRule('payout_outcome', payoutOutcomes);
const paymentOutcomeRule = oneOfRule('rail_outcome', paymentOutcomes);
const refundOutcomeRule = oneOfRule('refund_outcome', refundOutcomes);

@Described('What the rail did, as somebody found out by other means.')
export class ResolvePaymentDto {
  @Is(paymentOutcomeRule, 'What the call came to.')
  declare readonly outcome: (typeof paymentOutcomes)[number];

  @Is(referenceRule, "The rail's own id of it: of what was authorized or captured.")
  @Optional()
  declare readonly rail_reference?: string;

  @Is(railFeeRule, 'Of what was captured: what the rail keeps, in minor units.')
  @Optional()
  declare readonly fee?: string;

  @Is(timeRule, 'Of what was captured: when the rail pays it out, or did.')
  @Optional()
  declare readonly available_on?: string;

  @Is(codeRule, 'Of what was declined: why.')
  @Optional()
  declare readonly decline_code?: string;
}

@Described('What the rail did, as somebody found out by other means.')
export class ResolveRefundDto {
  @Is(refundOutcomeRule, 'What the call came to.')
  declare readonly outcome: (typeof refundOutcomes)[number];

  @Is(referenceRule, "The rail's own id of what was refunded.")
  @Optional()
  declare readonly rail_reference?: string;

  @Is(codeRule, 'Why it failed.')
  @Optional()
  declare readonly failure_reason?: string;
}

@Described('What the rail did, as somebody found out by other means.')
export class ResolvePayoutDto {
  @Is(payoutOutcomeRule, 'What the payout came to.')
  declare readonly outcome: (typeof payoutOutcomes)[number];

  @Is(referenceRule, "The rail's own id of what was paid.")
  @Optional()
  declare readonly rail_reference?: string;

  @Is(codeRule, 'Why it failed, or came back.')
  @Optional()
  declare readonly failure_code?: string;

  @Is(descriptionRule, 'The same in words.')
  @Optional()
  declare readonly failure_message?: string;
}
