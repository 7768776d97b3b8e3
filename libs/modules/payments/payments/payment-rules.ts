import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { oneOfRule, referenceRule, textRule } from '@fintech-ledger/http';
import type { PathParameter, Rule } from '@fintech-ledger/http';
import {
  captureMethods,
  cardNumberRefused,
  paymentNotFound,
  paymentStatuses,
  refundNotFound,
  refundReasons,
  refundStatuses,
} from '@fintech-ledger/payments/domain';

// What the values of requests about payments have to be.

const codeOf = ({ code }: DeclaredRefusal): string => code;

export const amountRule = textRule(
  'payment_amount',
  'invalid_amount',
  'a string of 1 to 36 digits without a leading zero, in minor units',
  /^[1-9][0-9]{0,35}$/,
);
export const currencyRule = textRule(
  'payment_currency',
  'invalid_currency',
  'an ISO 4217 code',
  /^[A-Z]{3}$/,
);
const methodId = '[a-z]{2,4}_[A-Za-z0-9_]{1,64}';
/** The number of a card behind the beginning of an id (ISO/IEC 7812: 12 to 19 digits). */
const cardNumberAsId = '[a-z]{2,4}_(?:_*[0-9]){12,19}_*$';
/** Fewer digits than a card number has, of any script; expiry and CVC behind one only make them more. */
const noCardNumber = String.raw`(?:\P{Nd}*\p{Nd}){0,11}\P{Nd}*`;
/** Whatever is no id of a payment method is unknown; what may be the number of a card is not even looked up. */
export const paymentMethodRule = textRule(
  'payment_method',
  codeOf(cardNumberRefused),
  'the id of a payment method, such as pm_card_visa: card numbers are never taken',
  new RegExp(`^(?!${cardNumberAsId})(?:${methodId}|${noCardNumber})$`, 'u'),
  { pattern: `^${methodId}$` },
);
/* Ids are documented as they are made; one that is not among them is looked for, and unknown. */
export const customerRule = textRule(
  'customer',
  'invalid_value',
  "the id of a customer, such as 'cus_1'",
  /^cus_[A-Za-z0-9_-]{1,64}$/,
  { pattern: '^cus_[A-Za-z0-9]{1,64}$' },
);
/** The same of a body, where earlier versions took only null: documented without a pattern, which would be a break. */
export const payerRule: Rule = { ...customerRule, name: 'payer', documented: { type: 'string' } };
export const connectedAccountRule = textRule(
  'connected_account',
  'invalid_value',
  "the id of a connected account, such as 'acct_1'",
  /^acct_[A-Za-z0-9_-]{1,64}$/,
  { pattern: '^acct_[A-Za-z0-9]{1,64}$' },
);
/** The same of a body, where earlier versions took only null. */
export const recipientRule: Rule = {
  ...connectedAccountRule,
  name: 'recipient',
  documented: { type: 'string' },
};
export const railFeeRule = textRule(
  'rail_fee',
  'invalid_amount',
  'a string of 1 to 36 digits without a leading zero, in minor units',
  /^(?:0|[1-9][0-9]{0,35})$/,
);
/** Zero is none: at a capture it takes back what the payment named. Earlier versions took only null. */
export const feeRule: Rule = { ...railFeeRule, name: 'application_fee', documented: { type: 'string' } };
/** Of a body where earlier versions took only null: documented without a pattern, which would be a break. */
export const ruleIdRule: Rule = {
  ...textRule(
    'split_rule',
    'invalid_value',
    "the id of a split rule, such as 'spr_1'",
    /^spr_[A-Za-z0-9_-]{1,64}$/,
  ),
  documented: { type: 'string' },
};
export const railRule = textRule('rail', 'invalid_value', 'the name of a rail', /^[a-z_]{1,32}$/);
/** Documented without its length, where earlier versions had a pattern: a limit that is new would be a break. */
export const groupRule: Rule = { ...referenceRule, name: 'transfer_group', documented: { type: 'string' } };
export const returnUrlRule = textRule(
  'return_url',
  'invalid_value',
  'a URL of http or https of at most 2,000 characters',
  /^https?:\/\/[\x21-\x7e]{1,1990}$/,
);
export const captureMethodRule = oneOfRule('capture_method', captureMethods);
export const paymentStatusRule = oneOfRule('payment_status', paymentStatuses);
export const refundReasonRule = oneOfRule('refund_reason', refundReasons);
export const refundStatusRule = oneOfRule('refund_status', refundStatuses);
export const paymentIdRule = textRule(
  'payment_id',
  'invalid_parameter',
  "the id of a payment, such as 'pay_1'",
  /^pay_[A-Za-z0-9_-]{1,64}$/,
);
export const refundParameter: PathParameter = {
  name: 'refund',
  description: 'The id of the refund.',
  pattern: /^re_[A-Za-z0-9_-]{1,64}$/,
  refusal: refundNotFound,
  detail: 'There is no such refund.',
};
export const paymentParameter: PathParameter = {
  name: 'payment',
  description: 'The id of the payment.',
  pattern: /^pay_[A-Za-z0-9_-]{1,64}$/,
  refusal: paymentNotFound,
  detail: 'There is no such payment.',
};
