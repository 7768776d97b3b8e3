import { batchOf } from './payout-batches';
import type { PayoutFacts } from './payout-facts';
import type { PayoutView } from './payout-views';

/** A payout in the API's shape. What is rendered for a recorded event never changes. */
export function showPayout(payout: PayoutFacts): PayoutView {
  return {
    id: payout.id,
    object: 'payout',
    status: payout.status,
    amount: payout.amount,
    currency: payout.currency,
    bank_account: payout.bankAccount,
    ...(payout.connectedAccount !== undefined && { connected_account: payout.connectedAccount }),
    ...(payout.isAutomatic === true && { automatic: true }),
    batch: batchOf(payout),
    rail: payout.rail,
    rail_reference: payout.railReference,
    description: payout.description,
    failure_code: payout.failureCode,
    failure_message: payout.failureMessage,
    created_at: payout.createdAt,
    sends_at: payout.sendsAt,
    canceled_at: payout.canceledAt,
    livemode: payout.livemode,
    metadata: payout.metadata,
  };
}
