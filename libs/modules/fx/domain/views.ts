import {
  answered,
  constant,
  digits,
  list,
  livemode,
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
import { sides } from './facts';

const currency = (description: string, example: string) => text(description, example);
const money = (description: string, amount: string, code: string) =>
  object({ amount: digits('In minor units.', amount), currency: currency('ISO 4217.', code) }, description);

const ofRate = {
  id: text('The id of the rate.', 'fxr_1'),
  object: constant('fx_rate'),
  base: currency('The currency that is priced.', 'EUR'),
  quote: currency('The currency of the price.', 'USD'),
  bid: text('What who gives one major unit of `base` gets for it. A decimal, as it was given.', '1.0900'),
  ask: text('What who wants one major unit of `base` gives for it. A decimal, as it was given.', '1.1100'),
  source: text('Who says so.', 'ECB'),
  valid_from: time('From when on it holds.'),
  created_at: time('When it was set.'),
  livemode,
} as const;
export const rateShape = named(
  'FxRate',
  'What one currency is worth in another one, from a moment on.',
  object({ ...ofRate, position: optional(position) }),
);
export const rateAnswer = named(
  'FxRateAnswer',
  'A rate, as a command left it.',
  object({ ...ofRate, ...answered }),
);
export const ratePage = page(rateShape);
export type RateView = ViewOf<typeof rateShape>;

const deal = {
  from: money('What is given.', '10000', 'EUR'),
  to: money('What comes out, rounded down.', '10900', 'USD'),
  rate: text(
    'The rate that counts, of one major unit of `rate_base` in `rate_quote`: the bid where `rate_base` is given, the ' +
      'ask where it is wanted.',
    '1.0900',
  ),
  rate_base: currency('The currency that the rate prices.', 'EUR'),
  rate_quote: currency('The currency of that price.', 'USD'),
  rate_side: oneOf('Which side of the rate counts.', sides, 'bid'),
  rate_id: text('The id of the rate.', 'fxr_1'),
  cost: money('What is given is worth so much at the middle of bid and ask, rounded down.', '11000', 'USD'),
  spread: money('What the platform earns: the cost less what comes out.', '100', 'USD'),
} as const;

const ofQuote = {
  id: text('The id of the quote.', 'fxq_1'),
  object: constant('fx_quote'),
  ...deal,
  expires_at: time('When it can not be used any more: at that moment it is expired.'),
  conversion: nullable(text('The conversion that it was used for.', 'fxc_1'), 'null'),
  created_at: time('When it was made.'),
  livemode,
} as const;
export const quoteShape = named(
  'FxQuote',
  'What a conversion comes to, for a minute.',
  object({ ...ofQuote, position: optional(position) }),
);
export const quoteAnswer = named(
  'FxQuoteAnswer',
  'A quote, as a command left it.',
  object({ ...ofQuote, ...answered }),
);
export const quotePage = page(quoteShape);
export type QuoteView = ViewOf<typeof quoteShape>;

const ofConversion = {
  id: text('The id of the conversion.', 'fxc_1'),
  object: constant('fx_conversion'),
  quote: text('The quote that promised it.', 'fxq_1'),
  ...deal,
  created_at: time('When it was made.'),
  livemode,
} as const;
export const conversionShape = named(
  'FxConversion',
  "Money of the platform's available balance that became money of another currency.",
  object({ ...ofConversion, position: optional(position) }),
);
export const conversionAnswer = named(
  'FxConversionAnswer',
  'A conversion, as a command left it.',
  object({ ...ofConversion, ...answered }),
);
export const conversionPage = page(conversionShape);
export type ConversionView = ViewOf<typeof conversionShape>;

const signed = (description: string, amount: string, code: string) =>
  object(
    {
      amount: digits('In minor units; below zero: it is short of it, or lost it.', amount),
      currency: currency('ISO 4217.', code),
    },
    description,
  );
const maybeSigned = (description: string, amount: string, code: string) =>
  nullable(signed(description, amount, code), 'value', description);

export const positionShape = named(
  'FxPosition',
  'What conversions have left of one pair of currencies.',
  object({
    object: constant('fx_position'),
    base: currency('The base currency of the pair.', 'EUR'),
    quote: currency('Its quote currency.', 'USD'),
    position: signed('What is held of the base currency.', '10000', 'EUR'),
    cost: signed('What that has cost, at the middle of bid and ask when it was dealt.', '11000', 'USD'),
    rate: nullable(
      text(
        'The middle of bid and ask now, of one major unit of the base currency; null: there is no rate.',
        '1.12',
      ),
      'value',
    ),
    value: maybeSigned('What it is worth at that rate, rounded down.', '11200', 'USD'),
    unrealized_result: maybeSigned('The value less the cost.', '200', 'USD'),
    reported_value: maybeSigned('The value in the reporting currency, rounded down.', '10000', 'EUR'),
    reported_result: maybeSigned(
      'The unrealized result in the reporting currency, rounded down.',
      '178',
      'EUR',
    ),
  }),
);
export type PositionView = ViewOf<typeof positionShape>;

export const exposureShape = named(
  'FxExposure',
  'What is held of each pair of currencies because of conversions, and what it is worth.',
  object({
    object: constant('fx_exposure'),
    as_of: time('The moment of the positions and of the rates.'),
    positions: list(positionShape, 'One for each pair that was ever converted, by base and quote currency.'),
    reporting_currency: nullable(currency('In which all of them are summed up.', 'EUR')),
    value: maybeSigned('The sum of the reported values; null: no reporting currency.', '10000', 'EUR'),
    unrealized_result: maybeSigned('The sum of the reported results.', '178', 'EUR'),
    livemode,
  }),
);
export type ExposureView = ViewOf<typeof exposureShape>;
