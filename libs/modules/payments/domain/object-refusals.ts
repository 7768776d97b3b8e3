import { refusal } from '@fintech-ledger/contract';

/* What several lists of refusals have. */

export const paymentNotFound = refusal(
  'payment_not_found',
  'not_found',
  'There is no such payment, or it is of another environment.',
);
export const connectedAccountNotFound = refusal(
  'connected_account_not_found',
  'not_found',
  'There is no such connected account, or it is of another environment.',
);
export const insufficientAvailable = refusal(
  'insufficient_available',
  'rule',
  'More is to be taken from a balance than is available; `account` says whose, `available` how much there is.',
);
export const ibanInvalid = refusal(
  'iban_invalid',
  'malformed',
  'The text is no IBAN: its check digits (ISO 13616) are those of another one.',
);
export const paymentUnexpectedState = refusal(
  'payment_unexpected_state',
  'conflict',
  'The status of the payment does not allow it; `payment` is the payment as it is. While a rail is called ' +
    'nothing else is done with the payment.',
);
