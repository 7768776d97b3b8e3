import { BrokenInvariant, isRefusal, refused } from '@fintech-ledger/contract';
import type { CodeOf, PartDecision } from '@fintech-ledger/contract';
import {
  accountOf,
  amountDigitsMax,
  bookLines,
  postedBalance,
  readsOfLines,
} from '@fintech-ledger/ledger/domain';
import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import {
  currencyRefusal,
  insufficientAvailable,
  ownerAccount,
  paymentsName,
  platformOwner,
} from '@fintech-ledger/payments/domain';
import { conversionLines } from './bookings';
import type { CreateFxConversion, CreateFxQuote, FxCommand, SetFxRate } from './commands';
import { dealAt } from './deal';
import type { FxEvent } from './events';
import type { ConversionFacts, QuoteFacts, RateFacts } from './facts';
import { quoteSeconds, scheduledRatesMax } from './limits';
import { fractionOf, isBelow, ratioOf } from './rate';
import { inForce, quoteKey, quoteOf, ratesKey, ratesOf, withRate } from './records';
import type { FxView } from './records';
import {
  amountTooLarge,
  amountTooSmall,
  fxQuoteNotFound,
  fxRateNotFound,
  quoteExpired,
  quoteUsed,
  rateInvalid,
  sameCurrency,
  tooManyScheduledRates,
} from './refusals';
import type { fxCommandRefusals } from './refusals';

type View = FxView & SharedView;
type DecisionOf<Type extends FxCommand['type']> = PartDecision<
  FxEvent,
  CodeOf<(typeof fxCommandRefusals)[Type]>
>;

/** What a command does to money between currencies: its event, or why not. Pure; the view is not changed. */
export function decideFx(
  view: View,
  command: FxCommand,
  context: DecideContext,
): DecisionOf<FxCommand['type']> {
  switch (command.type) {
    case 'SetFxRate':
      return setRate(view, command, context);
    case 'CreateFxQuote':
      return createQuote(view, command, context);
    case 'CreateFxConversion':
      return createConversion(view, command, context);
  }
}

/** Keys of the records that deciding a command reads, as far as the view tells. */
export function readsOfFx(command: FxCommand, view: FxView): readonly string[] {
  switch (command.type) {
    case 'SetFxRate':
      return [ratesKey(command)];
    case 'CreateFxQuote':
      return pairsOf(command).map(ratesKey);
    case 'CreateFxConversion': {
      const quote = quoteOf(view, command.quote);
      const lines = quote === undefined ? [] : conversionLines(quote);
      return [quoteKey(command.quote), ...readsOfLines(lines)];
    }
  }
}

/** The pairs by whose rates it can be converted, in this order. */
const pairsOf = ({ from, to }: CreateFxQuote) => [
  { base: from.currency, quote: to },
  { base: to, quote: from.currency },
];

function setRate(view: View, command: SetFxRate, { newId, now }: DecideContext): DecisionOf<'SetFxRate'> {
  const { base, livemode, quote, source } = command;
  const noCurrency = currencyRefusal(base, now, '/base') ?? currencyRefusal(quote, now, '/quote');
  if (noCurrency !== undefined) return noCurrency;
  if (base === quote) return refused(sameCurrency, `${base} is worth itself.`, '/quote');
  const [bid, ask] = [fractionOf(command.bid), fractionOf(command.ask)];
  if (bid.numerator === '0') return refused(rateInvalid, 'A bid is above zero.', '/bid');
  if (ask.numerator === '0') return refused(rateInvalid, 'An ask is above zero.', '/ask');
  if (isBelow(ratioOf(ask), ratioOf(bid)))
    return refused(rateInvalid, `The bid ${command.bid} is above the ask ${command.ask}.`, '/bid');
  const rate: RateFacts = {
    ...{ ask, base, bid, livemode, quote, source },
    createdAt: now,
    id: newId('fxr', 0),
    validFrom: command.validFrom ?? now,
  };
  const scheduled = withRate(ratesOf(view, rate), rate).filter(({ validFrom }) => validFrom > now);
  if (scheduled.length > scheduledRatesMax && rate.validFrom > now) {
    const why = `${scheduledRatesMax} rates of ${base} in ${quote} wait for their time.`;
    return refused(tooManyScheduledRates, why, '/valid_from');
  }
  return { kind: 'decided', events: [{ type: 'FxRateSet', data: { rate } }] };
}

function createQuote(
  view: View,
  command: CreateFxQuote,
  { newId, now }: DecideContext,
): DecisionOf<'CreateFxQuote'> {
  const { from, livemode, to } = command;
  const noCurrency = currencyRefusal(from.currency, now, '/from/currency') ?? currencyRefusal(to, now, '/to');
  if (noCurrency !== undefined) return noCurrency;
  if (from.currency === to) return refused(sameCurrency, `It is in ${to} already.`, '/to');
  const rate = pairsOf(command)
    .map((pair) => inForce(ratesOf(view, pair), now))
    .find((each) => each !== undefined);
  if (rate === undefined)
    return refused(fxRateNotFound, `No rate of ${from.currency} and ${to} is in force.`, '/to');
  const deal = dealAt(rate, from);
  if (deal.to.amount === '0') {
    const why = `${from.amount} ${from.currency} is less than the smallest amount of ${to}.`;
    return refused(amountTooSmall, why, '/from/amount');
  }
  if (deal.cost.length > amountDigitsMax) {
    const why = `In ${to} it has more than ${amountDigitsMax} digits.`;
    return refused(amountTooLarge, why, '/from/amount');
  }
  const quote: QuoteFacts = {
    ...deal,
    ...{ conversion: null, livemode },
    createdAt: now,
    expiresAt: new Date(Date.parse(now) + quoteSeconds * 1_000).toISOString(),
    id: newId('fxq', 0),
  };
  return { kind: 'decided', events: [{ type: 'FxQuoteCreated', data: { quote } }] };
}

/** Judged by what is available alone: nobody freezes, bounds or closes the accounts that it books on. */
function createConversion(
  view: View,
  command: CreateFxConversion,
  context: DecideContext,
): DecisionOf<'CreateFxConversion'> {
  const quote = quoteOf(view, command.quote);
  if (quote === undefined)
    return refused(fxQuoteNotFound, `There is no quote ${command.quote.slice(0, 80)}.`, '/quote');
  const { conversion: usedFor, createdAt: _createdAt, expiresAt, id: quoteId, ...deal } = quote;
  if (usedFor !== null)
    return refused(quoteUsed, `Quote ${quoteId} was used before.`, '/quote', { conversion: usedFor });
  if (context.now >= expiresAt)
    return refused(quoteExpired, `Quote ${quoteId} expired at ${expiresAt}.`, '/quote');
  const { amount, currency } = deal.from;
  const account = accountOf(view, ownerAccount(platformOwner, 'available', currency).account);
  const available = account === undefined ? 0n : postedBalance(account.type, account);
  if (BigInt(amount) > available) {
    const why = `${available} ${currency} of ${platformOwner} is available, ${amount} is to be converted.`;
    const facts = { account: platformOwner, available: String(available) };
    return refused(insufficientAvailable, why, '/quote', facts);
  }
  const id = context.newId('fxc', 0);
  const lines = conversionLines(quote);
  const request = { lines, judged: false, manager: paymentsName, description: `Conversion ${id}` };
  const facts = bookLines(view, request, context);
  if (isRefusal(facts)) throw new BrokenInvariant(facts.detail);
  const conversion: ConversionFacts = { ...deal, createdAt: context.now, id, quote: quoteId };
  const data = { ...facts, conversion, quote: { ...quote, conversion: id } };
  return { kind: 'decided', events: [{ type: 'FxConversionCreated', data }] };
}
