import { refusal } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { unknownCurrency, withdrawnCurrency } from '@fintech-ledger/ledger/domain';
import { insufficientAvailable } from '@fintech-ledger/payments/domain';
import type { FxCommand } from './commands';
import { quoteSeconds, scheduledRatesMax } from './limits';

export const fxRateNotFound = refusal(
  'rate_not_found',
  'not_found',
  'There is no such rate, or none is in force for the two currencies: a rate of them is used, or of their inverse; ' +
    'two rates by way of a third currency are not.',
);
export const fxQuoteNotFound = refusal(
  'quote_not_found',
  'not_found',
  'There is no such quote, or it is of another environment.',
);
export const fxConversionNotFound = refusal(
  'conversion_not_found',
  'not_found',
  'There is no such conversion, or it is of another environment.',
);
export const sameCurrency = refusal(
  'same_currency',
  'rule',
  'Both currencies are the same: there is nothing to convert.',
);
export const rateInvalid = refusal(
  'rate_invalid',
  'rule',
  'A rate is above zero, and its bid is not above its ask; `param` says what is not so.',
);
export const tooManyScheduledRates = refusal(
  'too_many_scheduled_rates',
  'rule',
  `Of two currencies at most ${scheduledRatesMax} rates wait for their time.`,
);
export const amountTooSmall = refusal(
  'amount_too_small',
  'rule',
  'Rounded down, nothing is left of the amount in the other currency.',
);
export const amountTooLarge = refusal(
  'amount_too_large',
  'rule',
  'The amount has more than 36 digits in the other currency.',
);
export const quoteExpired = refusal(
  'quote_expired',
  'rule',
  `A quote may be used for ${quoteSeconds} seconds: make another one.`,
);
export const quoteUsed = refusal(
  'quote_used',
  'conflict',
  'The quote was used before: `conversion` says for what. Each is used once.',
);

/** What each command may be refused with, in the order of precedence. */
export const fxCommandRefusals = {
  SetFxRate: [unknownCurrency, withdrawnCurrency, sameCurrency, rateInvalid, tooManyScheduledRates],
  CreateFxQuote: [
    unknownCurrency,
    withdrawnCurrency,
    sameCurrency,
    fxRateNotFound,
    amountTooSmall,
    amountTooLarge,
  ],
  CreateFxConversion: [fxQuoteNotFound, quoteUsed, quoteExpired, insufficientAvailable],
} as const satisfies Record<FxCommand['type'], readonly DeclaredRefusal[]>;

/** Every refusal that is declared here. */
export const fxRefusals = [
  fxRateNotFound,
  fxQuoteNotFound,
  fxConversionNotFound,
  sameCurrency,
  rateInvalid,
  tooManyScheduledRates,
  amountTooSmall,
  amountTooLarge,
  quoteExpired,
  quoteUsed,
];
