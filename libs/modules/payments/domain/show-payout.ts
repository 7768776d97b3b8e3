import { batchOf } from './payout-batches';
import type { PayoutFacts } from './payout-facts';
import type { PayoutView, ToldPayoutView } from './payout-views';

/** A payout in the API's shape. What is rendered for a recorded event never changes. */
export function showPayout(payout: PayoutFacts): PayoutView {
  return {
    id: payout.id,
    object: 'payout',
    status: payout.status,
    amount: payout.amount,
    currency: payout.currency,
    bank_account: payout.bankAccount,
    connected_account: payout.connectedAccount ?? null,
    automatic: payout.isAutomatic === true,
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

/** The same as events tell it. */
export function tellPayout(payout: PayoutFacts): ToldPayoutView {
  const { automatic, connected_account: account, ...shown } = showPayout(payout);
  return {
    ...shown,
    ...(account !== null && { connected_account: account }),
    ...(automatic && { automatic }),
  };
}
