import {
  Described,
  descriptionRule,
  Is,
  ListOf,
  DescriptionChangesDto,
  metadataFilterRule,
  metadataRule,
  Nullable,
  Optional,
  PageQuery,
  textRule,
  timeRule,
} from '@fintech-ledger/http';
import type { PathParameter } from '@fintech-ledger/http';
import { partiesMax, splitNotFound } from '@fintech-ledger/payments/domain';
import { amountRule, ruleIdRule } from '../payments/payment-rules';
import { SplitPartyDto } from './split-party.dto';

const paymentRule = textRule(
  'split_payment',
  'invalid_value',
  "the id of a payment, such as 'pay_1'",
  /^pay_[A-Za-z0-9_-]{1,64}$/,
);
const disputeRule = textRule(
  'split_dispute',
  'invalid_value',
  "the id of a dispute, such as 'dp_1'",
  /^dp_[A-Za-z0-9_-]{1,64}$/,
);
const says = { description: 'What it is for.', metadata: 'Your own keys and values.' };

export const splitParameter: PathParameter = {
  name: 'split',
  description: 'The id of the split.',
  pattern: /^spl_[A-Za-z0-9_-]{1,64}$/,
  refusal: splitNotFound,
  detail: 'There is no such split.',
};

@Described('How a payment is split: by a rule, or among parties.')
export class CreateSplitDto {
  @Is(paymentRule, 'The payment: one of the platform’s own that has succeeded.')
  declare readonly payment: string;

  @Is(ruleIdRule, 'The rule, in the version that there was when the payment was created.')
  @Nullable()
  declare readonly split_rule?: string | null;

  @ListOf(() => SplitPartyDto, { min: 1, max: partiesMax }, 'Who gets a part. The earlier one wins ties.')
  @Nullable()
  declare readonly parties?: readonly SplitPartyDto[] | null;

  @Is(descriptionRule, says.description)
  @Nullable()
  declare readonly description?: string | null;

  @Is(metadataRule, says.metadata)
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}

@Described('What is to be changed of a split; what is left out stays.')
export class UpdateSplitDto extends DescriptionChangesDto {}

@Described('What the parties give back of a dispute that was lost.')
export class ReverseSplitDto {
  @Is(disputeRule, 'The dispute, of the payment that was split.')
  declare readonly dispute: string;

  @Is(amountRule, 'Of what the dispute took, in minor units; all that is left when it is left out.')
  @Optional()
  declare readonly amount?: string;
}

export class SplitsQuery extends PageQuery {
  @Is(paymentRule, 'Only the split of this payment.')
  @Optional()
  declare readonly payment?: string;

  @Is(ruleIdRule, 'Only splits by this rule.')
  @Optional()
  declare readonly split_rule?: string;

  @Is(timeRule, 'Only splits that were made from this time on.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only splits that were made before this time.')
  @Optional()
  declare readonly to?: string;

  @Is(metadataFilterRule, 'Only splits with all these keys and values: `metadata[key]=value`.')
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}
