import {
  fxConversionNotFound,
  fxQuoteNotFound,
  fxRateNotFound,
  rateDecimalsMax,
  rateWholeDigitsMax,
} from '@fintech-ledger/fx/domain';
import { textRule } from '@fintech-ledger/http';
import type { PathParameter } from '@fintech-ledger/http';

// What the values of requests about money between currencies have to be.

/** Whether it is above zero is judged when its shape is known. */
export const rateRule = textRule(
  'fx_rate',
  'invalid_value',
  `a decimal as a string, such as '1.0925': at most ${rateWholeDigitsMax} digits without a leading zero, and at most ` +
    `${rateDecimalsMax} decimals`,
  new RegExp(`^(?:0|[1-9][0-9]{0,${rateWholeDigitsMax - 1}})(?:\\.[0-9]{1,${rateDecimalsMax}})?$`),
);
export const quoteRule = textRule(
  'fx_quote',
  'invalid_value',
  "the id of a quote, such as 'fxq_1'",
  /^fxq_[A-Za-z0-9_-]{1,64}$/,
);

export const rateParameter: PathParameter = {
  name: 'rate',
  description: 'The id of the rate.',
  pattern: /^fxr_[A-Za-z0-9_-]{1,64}$/,
  refusal: fxRateNotFound,
  detail: 'There is no such rate.',
};
export const quoteParameter: PathParameter = {
  name: 'quote',
  description: 'The id of the quote.',
  pattern: /^fxq_[A-Za-z0-9_-]{1,64}$/,
  refusal: fxQuoteNotFound,
  detail: 'There is no such quote.',
};
export const conversionParameter: PathParameter = {
  name: 'conversion',
  description: 'The id of the conversion.',
  pattern: /^fxc_[A-Za-z0-9_-]{1,64}$/,
  refusal: fxConversionNotFound,
  detail: 'There is no such conversion.',
};
