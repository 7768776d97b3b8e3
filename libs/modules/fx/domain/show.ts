import type { ConversionFacts, DealFacts, QuoteFacts, RateFacts } from './facts';
import { decimalOf } from './rate';
import type { ConversionView, QuoteView, RateView } from './views';

/* Facts in the API's shape. What is rendered for a recorded event never changes. */

export function showRate(rate: RateFacts): RateView {
  return {
    id: rate.id,
    object: 'fx_rate',
    base: rate.base,
    quote: rate.quote,
    bid: decimalOf(rate.bid),
    ask: decimalOf(rate.ask),
    source: rate.source,
    valid_from: rate.validFrom,
    created_at: rate.createdAt,
    livemode: rate.livemode,
  };
}

function showDeal({ cost, from, pair, rate, rateId, side, spread, to }: DealFacts) {
  const { currency } = to;
  return {
    from: { amount: from.amount, currency: from.currency },
    to: { amount: to.amount, currency },
    rate: decimalOf(rate),
    rate_base: pair.base,
    rate_quote: pair.quote,
    rate_side: side,
    rate_id: rateId,
    cost: { amount: cost, currency },
    spread: { amount: spread, currency },
  };
}

export function showQuote(quote: QuoteFacts): QuoteView {
  return {
    id: quote.id,
    object: 'fx_quote',
    ...showDeal(quote),
    expires_at: quote.expiresAt,
    conversion: quote.conversion,
    created_at: quote.createdAt,
    livemode: quote.livemode,
  };
}

export function showConversion(conversion: ConversionFacts): ConversionView {
  return {
    id: conversion.id,
    object: 'fx_conversion',
    quote: conversion.quote,
    ...showDeal(conversion),
    created_at: conversion.createdAt,
    livemode: conversion.livemode,
  };
}
