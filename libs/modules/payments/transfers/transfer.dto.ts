import {
  Described,
  descriptionRule,
  Is,
  DescriptionChangesDto,
  metadataFilterRule,
  metadataRule,
  Nullable,
  Optional,
  PageQuery,
  referenceRule,
  textRule,
  timeRule,
} from '@fintech-ledger/http';
import type { PathParameter, Rule } from '@fintech-ledger/http';
import { transferNotFound } from '@fintech-ledger/payments/domain';
import { amountRule, connectedAccountRule, currencyRule } from '../payments/payment-rules';

const destinationRule: Rule = { ...connectedAccountRule, name: 'destination' };
const sourceRule = textRule(
  'source_payment',
  'invalid_value',
  "the id of a payment, such as 'pay_1'",
  /^pay_[A-Za-z0-9_-]{1,64}$/,
);
const says = { description: 'What it is for.', metadata: 'Your own keys and values.' };

export const transferParameter: PathParameter = {
  name: 'transfer',
  description: 'The id of the transfer.',
  pattern: /^tr_[A-Za-z0-9_-]{1,64}$/,
  refusal: transferNotFound,
  detail: 'There is no such transfer.',
};

@Described('A new transfer.')
export class CreateTransferDto {
  @Is(amountRule, 'In minor units.')
  declare readonly amount: string;

  @Is(currencyRule, 'ISO 4217.')
  declare readonly currency: string;

  @Is(destinationRule, 'The connected account that gets it.')
  declare readonly destination: string;

  @Is(sourceRule, 'The payment that it is of: it is pending as long as that is.')
  @Nullable()
  declare readonly source_payment?: string | null;

  @Is(referenceRule, 'A label for what belongs together.')
  @Nullable()
  declare readonly transfer_group?: string | null;

  @Is(descriptionRule, says.description)
  @Nullable()
  declare readonly description?: string | null;

  @Is(metadataRule, says.metadata)
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}

@Described('What is to be changed of a transfer; what is left out stays.')
export class UpdateTransferDto extends DescriptionChangesDto {}

@Described('What goes back of a transfer.')
export class ReverseTransferDto {
  @Is(amountRule, 'In minor units; all that is left when it is left out.')
  @Optional()
  declare readonly amount?: string;
}

export class TransfersQuery extends PageQuery {
  @Is(destinationRule, 'Only transfers to this connected account.')
  @Optional()
  declare readonly destination?: string;

  @Is(sourceRule, 'Only transfers of this payment.')
  @Optional()
  declare readonly source_payment?: string;

  @Is(referenceRule, 'Only transfers with this label.')
  @Optional()
  declare readonly transfer_group?: string;

  @Is(timeRule, 'Only transfers that were made from this time on.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only transfers that were made before this time.')
  @Optional()
  declare readonly to?: string;

  @Is(metadataFilterRule, 'Only transfers with all these keys and values: `metadata[key]=value`.')
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}
