import { flag, named, object, oneOf, text, textOrNull, time } from '@fintech-ledger/contract';
import { currency } from '@fintech-ledger/ledger/domain';
import type { Fraction, Pair } from './rate';

/* What events say of money between currencies. Times: RFC 3339, by the clock of the environment. */

/** Minor units, above zero. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** What one major unit of `base` is worth in major units of `quote`, from `validFrom` on. */
export interface RateFacts extends Pair {
  /** What who wants `base` gives for it. */
  readonly ask: Fraction;
  /** What who gives `base` gets for it. */
  readonly bid: Fraction;
  readonly createdAt: string;
  readonly id: string;
  readonly livemode: boolean;
  /** Who says so. */
  readonly source: string;
  readonly validFrom: string;
}

export const sides = ['bid', 'ask'] as const;
export type Side = (typeof sides)[number];

/** What a conversion comes to; a quote promises it. */
export interface DealFacts {
  /** What is given is worth so much of the other currency at the middle of bid and ask, rounded down. Minor units. */
  readonly cost: string;
  readonly from: Money;
  /** Of the rate: how it was given. */
  readonly pair: Pair;
  readonly rate: Fraction;
  readonly rateId: string;
  /** `bid`: the base currency is given, `ask`: it is wanted. */
  readonly side: Side;
  /** What of the cost is not given out. Minor units of `to`; 0 where bid and ask are equal, or it rounds to nothing. */
  readonly spread: string;
  readonly to: Money;
}

export interface QuoteFacts extends DealFacts {
  /** The conversion that it was used for. */
  readonly conversion: string | null;
  readonly createdAt: string;
  /** At that moment it can't be used any more. */
  readonly expiresAt: string;
  readonly id: string;
  readonly livemode: boolean;
}

export interface ConversionFacts extends DealFacts {
  readonly createdAt: string;
  readonly id: string;
  readonly livemode: boolean;
  /** The quote that promised it. */
  readonly quote: string;
}

const units = text({ description: 'Minor units', pattern: '^[1-9][0-9]{0,35}$' });
const fraction = named(
  'fraction',
  object<Fraction>({
    denominator: text({ description: 'A power of ten', pattern: '^10*$' }),
    numerator: text({ pattern: '^[1-9][0-9]*$' }),
  }),
);
const pair = named('currencyPair', object<Pair>({ base: currency, quote: currency }));
const money = named('money', object<Money>({ amount: units, currency }));

export const rate = named(
  'fxRate',
  object<RateFacts>({
    ask: fraction,
    base: currency,
    bid: fraction,
    createdAt: time,
    id: text(),
    livemode: flag,
    quote: currency,
    source: text(),
    validFrom: time,
  }),
);

const deal = {
  cost: units,
  from: money,
  pair,
  rate: fraction,
  rateId: text(),
  side: oneOf(...sides),
  spread: text({ description: 'Minor units', pattern: '^(?:0|[1-9][0-9]{0,35})$' }),
  to: money,
} as const;

export const quote = named(
  'fxQuote',
  object<QuoteFacts>({
    conversion: textOrNull(),
    cost: deal.cost,
    createdAt: time,
    expiresAt: time,
    from: deal.from,
    id: text(),
    livemode: flag,
    pair: deal.pair,
    rate: deal.rate,
    rateId: deal.rateId,
    side: deal.side,
    spread: deal.spread,
    to: deal.to,
  }),
);

export const conversion = named(
  'fxConversion',
  object<ConversionFacts>({
    cost: deal.cost,
    createdAt: time,
    from: deal.from,
    id: text(),
    livemode: flag,
    pair: deal.pair,
    quote: text(),
    rate: deal.rate,
    rateId: deal.rateId,
    side: deal.side,
    spread: deal.spread,
    to: deal.to,
  }),
);
