import {
  Described,
  flagRule,
  Is,
  metadataRule,
  Nullable,
  Optional,
  PageQuery,
  timeRule,
} from '@fintech-ledger/http';
import type { RefundReason } from '@fintech-ledger/payments/domain';
import { amountRule, paymentIdRule, refundReasonRule, refundStatusRule } from '../payments/payment-rules';

@Described('A new refund.')
export class CreateRefundDto {
  @Is(paymentIdRule, 'The payment that is refunded.')
  declare readonly payment: string;

  @Is(amountRule, 'In minor units; all that is left when it is left out.')
  @Optional()
  declare readonly amount?: string;

  @Is(refundReasonRule, 'Why.')
  @Nullable()
  declare readonly reason?: RefundReason | null;

  @Is(metadataRule, 'Your own keys and values.')
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;

  @Is(flagRule, 'Whether the application fee goes back in proportion; if left out, it does not.')
  @Nullable()
  declare readonly refund_application_fee?: boolean | null;

  @Is(flagRule, 'Whether the transfer of a payment with `transfer_data` goes back in proportion.')
  @Nullable()
  declare readonly reverse_transfer?: boolean | null;
}

export class RefundsQuery extends PageQuery {
  @Is(paymentIdRule, 'Only refunds of this payment.')
  @Optional()
  declare readonly payment?: string;

  @Is(refundStatusRule, 'Only refunds with this status.')
  @Optional()
  declare readonly status?: string;

  @Is(timeRule, 'Only refunds that were made from this time on.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only refunds that were made before this time.')
  @Optional()
  declare readonly to?: string;
}
