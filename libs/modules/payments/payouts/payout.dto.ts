import {
  Described,
  descriptionRule,
  Is,
  DescriptionChangesDto,
  metadataFilterRule,
  metadataRule,
  Nullable,
  oneOfRule,
  Optional,
  PageQuery,
  textRule,
  timeRule,
} from '@fintech-ledger/http';
import type { PathParameter } from '@fintech-ledger/http';
import { payoutNotFound, payoutStatuses } from '@fintech-ledger/payments/domain';
import { amountRule, currencyRule } from '../payments/payment-rules';

const accountRule = textRule(
  'bank_account',
  'invalid_value',
  "the id of a bank account, such as 'ba_sim'",
  /^ba_[A-Za-z0-9_]{1,64}$/,
);
const statusRule = oneOfRule('payout_status', payoutStatuses);
const batchRule = textRule(
  'payout_batch',
  'invalid_parameter',
  "the id of a payout batch, such as 'pob_20260201EUR'",
  /^pob_[A-Za-z0-9]{1,64}$/,
);
const says = { description: 'What it is for.', metadata: 'Your own keys and values.' };

export const payoutParameter: PathParameter = {
  name: 'payout',
  description: 'The id of the payout.',
  pattern: /^po_[A-Za-z0-9_-]{1,64}$/,
  refusal: payoutNotFound,
  detail: 'There is no such payout.',
};

@Described('A new payout.')
export class CreatePayoutDto {
  @Is(amountRule, 'In minor units; at most what is available.')
  declare readonly amount: string;

  @Is(currencyRule, 'ISO 4217.')
  declare readonly currency: string;

  @Is(accountRule, 'Where it is paid to; the default bank account when it is left out.')
  @Nullable()
  declare readonly bank_account?: string | null;

  @Is(descriptionRule, says.description)
  @Nullable()
  declare readonly description?: string | null;

  @Is(metadataRule, says.metadata)
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}

@Described('What is to be changed of a payout; what is left out stays.')
export class UpdatePayoutDto extends DescriptionChangesDto {}

export class PayoutsQuery extends PageQuery {
  @Is(statusRule, 'Only payouts with this status.')
  @Optional()
  declare readonly status?: string;

  @Is(batchRule, 'Only payouts that were sent with this batch.')
  @Optional()
  declare readonly batch?: string;

  @Is(currencyRule, 'Only payouts in this currency.')
  @Optional()
  declare readonly currency?: string;

  @Is(timeRule, 'Only payouts that were made from this time on.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only payouts that were made before this time.')
  @Optional()
  declare readonly to?: string;

  @Is(metadataFilterRule, 'Only payouts with all these keys and values: `metadata[key]=value`.')
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}
