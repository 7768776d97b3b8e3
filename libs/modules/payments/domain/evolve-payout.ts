import { BrokenInvariant } from '@fintech-ledger/contract';
import type { PaymentEvent } from './events';
import { isUnderWay } from './payout-facts';
import type { PayoutFacts } from './payout-facts';
import { ownerKey, ownerRecordOf, payoutKey, payoutOf } from './records';
import type { PaymentsChange, PaymentsView } from './records';
import { batchChanges } from './sent-batches';

/**
 * The payout, the batch that it goes with, and of its account how much is under way: one is paid out of what it has
 * had. @throws BrokenInvariant when the event contradicts the state
 */
export function payoutChanges(
  view: PaymentsView,
  type: PaymentEvent['type'],
  payout: PayoutFacts,
): readonly PaymentsChange[] {
  const { connectedAccount, id } = payout;
  const before = payoutOf(view, id);
  // One that was declared failed, and has left after all, is made again.
  const isNew = before === undefined || (type === 'PayoutCreated' && before.status === 'failed');
  if ((type === 'PayoutCreated') !== isNew) throw new BrokenInvariant(`${type} of ${id}`);
  const changed: PaymentsChange = { key: payoutKey(id), record: { kind: 'payout', payout } };
  const changes = [changed, ...batchChanges(view, type, payout)];
  const more = Number(isUnderWay(payout)) - Number(before !== undefined && isUnderWay(before));
  if (connectedAccount === undefined || more === 0) return changes;
  const owner = ownerRecordOf(view, connectedAccount);
  const record = { ...owner, underWay: (owner.underWay ?? 0) + more };
  return [...changes, { key: ownerKey(connectedAccount), record }];
}
