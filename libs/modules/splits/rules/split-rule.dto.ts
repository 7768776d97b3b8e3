import {
  asOfRule,
  Described,
  Is,
  ListOf,
  nameRule,
  Nullable,
  Optional,
  PageQuery,
  textRule,
  timeRule,
} from '@fintech-ledger/http';
import type { PathParameter, Rule } from '@fintech-ledger/http';
import { partiesMax, splitRuleNotFound } from '@fintech-ledger/payments/domain';
import { amountRule, currencyRule, SplitPartyDto } from '@fintech-ledger/payments/nest';

export const splitRuleParameter: PathParameter = {
  name: 'rule',
  description: 'The id of the split rule.',
  pattern: /^spr_[A-Za-z0-9_-]{1,64}$/,
  refusal: splitRuleNotFound,
  detail: 'There is no such split rule.',
};
const versionRule: Rule = textRule(
  'split_rule_version',
  'invalid_parameter',
  'a whole number from 1',
  /^[1-9][0-9]{0,8}$/,
  { type: 'integer', minimum: 1, maximum: 999_999_999 },
);
/** In a query string every amount is a text. */
const splitAmountRule: Rule = { ...amountRule, name: 'split_amount', code: 'invalid_parameter' };
const refundAmountsRule = textRule(
  'refund_amounts',
  'invalid_parameter',
  '1 to 20 amounts in minor units, with commas between them',
  /^[1-9][0-9]{0,35}(?:,[1-9][0-9]{0,35}){0,19}$/,
);

const bounds = { min: 1, max: partiesMax };

@Described('A new split rule.')
export class CreateSplitRuleDto {
  @Is(nameRule, 'What it is called.')
  declare readonly name: string;

  @Is(currencyRule, 'ISO 4217: the only one that it splits; null: any.')
  @Nullable()
  declare readonly currency?: string | null;

  @ListOf(() => SplitPartyDto, bounds, 'Who gets a part. The earlier one wins ties.')
  declare readonly parties: readonly SplitPartyDto[];
}

@Described('What is different in the next version of a split rule; what is left out stays.')
export class UpdateSplitRuleDto {
  @Is(nameRule, 'What it is called.')
  @Optional()
  declare readonly name?: string;

  @Is(currencyRule, 'ISO 4217: the only one that it splits; null: any.')
  @Nullable()
  declare readonly currency?: string | null;

  @ListOf(() => SplitPartyDto, bounds, 'Who gets a part, all of them.')
  @Optional()
  declare readonly parties?: readonly SplitPartyDto[];
}

export class SplitRuleQuery {
  @Is(versionRule, 'This version; the newest by default.')
  @Optional()
  declare readonly version?: string;

  @Is(asOfRule, 'As it was then, inclusive: a time, or a position `<ledger>@<revision>`.')
  @Optional()
  declare readonly as_of?: string;
}

export class SplitPreviewQuery extends SplitRuleQuery {
  @Is(splitAmountRule, 'In minor units: what is to be split.')
  declare readonly amount: string;

  @Is(refundAmountsRule, 'Amounts of refunds, one after the other, with commas between them.')
  @Optional()
  declare readonly refund_amounts?: string;
}

export class SplitRulesQuery extends PageQuery {
  @Is(timeRule, 'Only rules that were made from this time on.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only rules that were made before this time.')
  @Optional()
  declare readonly to?: string;
}
