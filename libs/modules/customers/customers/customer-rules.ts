import { textRule } from '@fintech-ledger/http';
import type { PathParameter } from '@fintech-ledger/http';
import { customerNotFound, paymentMethodNotFound } from '@fintech-ledger/customers/domain';

// What the values of requests about customers have to be.

export const phoneRule = textRule(
  'phone',
  'invalid_value',
  "3 to 40 characters of digits, spaces, '+', '-', '.', '/', '(', ')', 'x', '#'",
  /^[0-9+\-./()x# ]{3,40}$/,
);
export const customerParameter: PathParameter = {
  name: 'customer',
  description: 'The id of the customer.',
  pattern: /^cus_[A-Za-z0-9]{1,64}$/,
  refusal: customerNotFound,
  detail: 'There is no such customer.',
};
export const methodParameter: PathParameter = {
  name: 'method',
  description: 'The id of the payment method.',
  pattern: /^pm_[A-Za-z0-9_-]{1,64}$/,
  refusal: paymentMethodNotFound,
  detail: 'There is no such payment method.',
};
