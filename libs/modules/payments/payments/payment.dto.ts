import {
  asOfRule,
  Described,
  descriptionRule,
  flagRule,
  Is,
  ListOf,
  metadataChangesRule,
  metadataFilterRule,
  metadataRule,
  nameRule,
  Nested,
  Nullable,
  Optional,
  PageQuery,
  timeRule,
} from '@fintech-ledger/http';
import { partiesMax } from '@fintech-ledger/payments/domain';
import type { CaptureMethod } from '@fintech-ledger/payments/domain';
import { SplitPartyDto } from '../splits/split-party.dto';
import {
  amountRule,
  captureMethodRule,
  connectedAccountRule,
  currencyRule,
  customerRule,
  feeRule,
  groupRule,
  payerRule,
  paymentMethodRule,
  paymentStatusRule,
  railRule,
  recipientRule,
  returnUrlRule,
  ruleIdRule,
} from './payment-rules';

const says = {
  amount: 'What is asked for, in minor units.',
  description: 'What it is for.',
  method: 'What it is paid with, such as `pm_card_visa` in a sandbox.',
  offSession: 'The payer is not there: what needs an action is declined.',
  returnUrl: 'Where a payer comes back to who had to act elsewhere.',
  metadata: 'Your own keys and values.',
};

@Described('Who gets a payment of the platform’s, or a part of it.')
export class TransferDataDto {
  @Is(connectedAccountRule, 'The connected account.')
  declare readonly destination: string;

  @Is(amountRule, 'How much of it, in minor units; the whole when it is left out.')
  @Nullable()
  declare readonly amount?: string | null;
}

@Described('A new payment.')
export class CreatePaymentDto {
  @Is(amountRule, says.amount)
  declare readonly amount: string;

  @Is(currencyRule, 'ISO 4217.')
  declare readonly currency: string;

  @Is(captureMethodRule, '`automatic` when it is left out: captured when it is confirmed.')
  @Optional()
  declare readonly capture_method?: CaptureMethod;

  @Is(flagRule, 'Whether it is confirmed at once; if left out, it is not.')
  @Optional()
  declare readonly confirm?: boolean;

  @Is(paymentMethodRule, says.method)
  @Nullable()
  declare readonly payment_method?: string | null;

  @Is(
    railRule,
    'What it is paid over: `bank_transfer` needs no payment method; that of the method when it is left out.',
  )
  @Nullable()
  declare readonly rail?: string | null;

  @Is(flagRule, says.offSession)
  @Optional()
  declare readonly off_session?: boolean;

  @Is(descriptionRule, says.description)
  @Nullable()
  declare readonly description?: string | null;

  @Is(metadataRule, says.metadata)
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;

  @Is(groupRule, 'A label for what belongs together.')
  @Nullable()
  declare readonly transfer_group?: string | null;

  @Is(returnUrlRule, says.returnUrl)
  @Nullable()
  declare readonly return_url?: string | null;

  @Is(payerRule, 'The customer who pays; who saved the payment method when it is left out.')
  @Nullable()
  declare readonly customer?: string | null;

  @Is(
    recipientRule,
    'Whose payment it is, where it is not the platform’s; that of the header, if there is one.',
  )
  @Nullable()
  declare readonly connected_account?: string | null;

  @Is(feeRule, 'What the platform takes of it from the connected account, in minor units; 0 is null.')
  @Nullable()
  declare readonly application_fee_amount?: string | null;

  @Nested(() => TransferDataDto, 'Who gets it when it is captured, where it is the platform’s.')
  @Nullable()
  declare readonly transfer_data?: TransferDataDto | null;

  @Is(
    ruleIdRule,
    'By which rule it is split when it is captured, where it is the platform’s: its newest version.',
  )
  @Nullable()
  declare readonly split_rule?: string | null;

  @ListOf(
    () => SplitPartyDto,
    { min: 1, max: partiesMax },
    'Among whom it is split when it is captured, instead of a rule. The earlier one wins ties.',
  )
  @Nullable()
  declare readonly splits?: readonly SplitPartyDto[] | null;
}

@Described('What is to be changed of a payment; what is left out stays.')
export class UpdatePaymentDto {
  @Is(amountRule, says.amount)
  @Optional()
  declare readonly amount?: string;

  @Is(paymentMethodRule, `${says.method} Null takes it back.`)
  @Nullable()
  declare readonly payment_method?: string | null;

  @Is(descriptionRule, says.description)
  @Nullable()
  declare readonly description?: string | null;

  @Is(metadataChangesRule, 'Merged by key: null removes one; null for all of it removes all.')
  @Nullable()
  declare readonly metadata?: Readonly<Record<string, string | null>> | null;

  @Is(payerRule, 'The customer who pays; null takes it back.')
  @Nullable()
  declare readonly customer?: string | null;
}

@Described('How a payment is confirmed.')
export class ConfirmPaymentDto {
  @Is(paymentMethodRule, `${says.method} That of the payment when it is left out or null.`)
  @Nullable()
  declare readonly payment_method?: string | null;

  @Is(returnUrlRule, says.returnUrl)
  @Nullable()
  declare readonly return_url?: string | null;

  @Is(flagRule, `${says.offSession} As said at its creation when it is left out.`)
  @Optional()
  declare readonly off_session?: boolean;
}

@Described('How a payment is captured.')
export class CapturePaymentDto {
  @Is(
    amountRule,
    'What is captured of it, in minor units; the rest is released. All of it when it is left out.',
  )
  @Optional()
  declare readonly amount_to_capture?: string;

  @Is(feeRule, 'What the platform takes of it, 0: nothing; what was said before when it is left out.')
  @Nullable()
  declare readonly application_fee_amount?: string | null;
}

@Described('Why a payment is canceled.')
export class CancelPaymentDto {
  @Is(nameRule, 'The reason.')
  @Nullable()
  declare readonly cancellation_reason?: string | null;
}

export class AsOfQuery {
  @Is(asOfRule, 'As it was then, inclusive: a time, or a position `<ledger>@<revision>`.')
  @Optional()
  declare readonly as_of?: string;
}

export class PaymentsQuery extends PageQuery {
  @Is(paymentStatusRule, 'Only payments with this status.')
  @Optional()
  declare readonly status?: string;

  @Is(customerRule, 'Only payments of this customer.')
  @Optional()
  declare readonly customer?: string;

  @Is(
    connectedAccountRule,
    'Only payments of this connected account, that transfer to it, or of which it has a share.',
  )
  @Optional()
  declare readonly connected_account?: string;

  @Is(groupRule, 'Only payments with this label.')
  @Optional()
  declare readonly transfer_group?: string;

  @Is(timeRule, 'Only payments that were created from this time on.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only payments that were created before this time.')
  @Optional()
  declare readonly to?: string;

  @Is(metadataFilterRule, 'Only payments with all these keys and values: `metadata[key]=value`.')
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}
