import {
  asOfRule,
  Described,
  Is,
  nameRule,
  Nested,
  Nullable,
  oneOfRule,
  Optional,
  PageQuery,
  timeRule,
} from '@fintech-ledger/http';
import { amountRule, currencyRule } from '@fintech-ledger/payments/nest';
import { quoteRule, rateRule } from './fx-rules';

const from = 'Only those that were made from this time on.';
const to = 'Only those that were made before this time.';

@Described('A new rate.')
export class SetFxRateDto {
  @Is(currencyRule, 'ISO 4217: the currency that is priced.')
  declare readonly base: string;

  @Is(currencyRule, 'ISO 4217: the currency of the price.')
  declare readonly quote: string;

  @Is(rateRule, 'What who gives one major unit of `base` gets for it.')
  declare readonly bid: string;

  @Is(rateRule, 'What who wants one major unit of `base` gives for it: not below the bid.')
  declare readonly ask: string;

  @Is(nameRule, 'Who says so.')
  declare readonly source: string;

  @Is(timeRule, 'From when on it holds: now when it is left out. It may be past, or to come.')
  @Nullable()
  declare readonly valid_from?: string | null;
}

@Described('Money that is given.')
export class GivenMoneyDto {
  @Is(amountRule, 'In minor units.')
  declare readonly amount: string;

  @Is(currencyRule, 'ISO 4217.')
  declare readonly currency: string;
}

@Described('What is to be converted.')
export class CreateFxQuoteDto {
  @Nested(() => GivenMoneyDto, 'What is given.')
  declare readonly from: GivenMoneyDto;

  @Is(currencyRule, 'ISO 4217: the currency that is wanted.')
  declare readonly to: string;
}

@Described('A new conversion.')
export class CreateFxConversionDto {
  @Is(quoteRule, 'The quote that promises it. It is used once.')
  declare readonly quote: string;
}

export class FxRatesQuery extends PageQuery {
  @Is(currencyRule, 'Only rates of this currency.')
  @Optional()
  declare readonly base?: string;

  @Is(currencyRule, 'Only rates in this currency.')
  @Optional()
  declare readonly quote?: string;

  @Is(
    asOfRule,
    'Of each pair only the rate that is in force then: at a time, whenever it was recorded, or at a position ' +
      '`<ledger>@<revision>`, of what was recorded by then.',
  )
  @Optional()
  declare readonly as_of?: string;

  @Is(timeRule, from)
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, to)
  @Optional()
  declare readonly to?: string;
}

export class FxQuotesQuery extends PageQuery {
  @Is(currencyRule, 'Only quotes that convert from this currency.')
  @Optional()
  declare readonly from_currency?: string;

  @Is(currencyRule, 'Only quotes that convert to this currency.')
  @Optional()
  declare readonly to_currency?: string;

  @Is(oneOfRule('fx_quote_used', ['true', 'false']), 'Only quotes that were used, or were not.')
  @Optional()
  declare readonly used?: 'true' | 'false';

  @Is(timeRule, from)
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, to)
  @Optional()
  declare readonly to?: string;
}

export class FxConversionsQuery extends PageQuery {
  @Is(currencyRule, 'Only conversions from this currency.')
  @Optional()
  declare readonly from_currency?: string;

  @Is(currencyRule, 'Only conversions to this currency.')
  @Optional()
  declare readonly to_currency?: string;

  @Is(quoteRule, 'Only the conversion of this quote.')
  @Optional()
  declare readonly quote?: string;

  @Is(timeRule, from)
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, to)
  @Optional()
  declare readonly to?: string;
}

export class FxAsOfQuery {
  @Is(asOfRule, 'As it was then, inclusive: a time, or a position `<ledger>@<revision>`.')
  @Optional()
  declare readonly as_of?: string;
}

export class FxExposureQuery {
  @Is(asOfRule, 'As it was then, inclusive: a time, or a position `<ledger>@<revision>`.')
  @Optional()
  declare readonly as_of?: string;

  @Is(currencyRule, 'ISO 4217: in which all positions are summed up.')
  @Optional()
  declare readonly reporting_currency?: string;
}
