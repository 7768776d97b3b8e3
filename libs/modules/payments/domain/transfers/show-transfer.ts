import type { TransferFacts } from './transfer-facts';
import type { TransferView } from './transfer-views';

/** A transfer in the API's shape. What is rendered for a recorded event never changes. */
export function showTransfer(transfer: TransferFacts): TransferView {
  return {
    id: transfer.id,
    object: 'transfer',
    amount: transfer.amount,
    amount_reversed: transfer.amountReversed,
    reversed: transfer.amountReversed === transfer.amount,
    currency: transfer.currency,
    destination: transfer.destination,
    source_payment: transfer.sourcePayment,
    transfer_group: transfer.transferGroup,
    description: transfer.description,
    created_at: transfer.createdAt,
    livemode: transfer.livemode,
    metadata: transfer.metadata,
  };
}
