import { evolve } from '@fintech-ledger/ledger/domain';
import type { LayeredView } from '@fintech-ledger/ledger/domain';
import type { PaymentEvent } from './events';
import { evolvePayments } from './evolve';
import type { PaymentsView } from './records';

/**
 * Puts what an event changes over a view, so that the next event of the same decision is decided on it.
 * @param layered over the records of payments, too
 * @param before what the event reads of payments; absent: that view
 */
export function foldOver(
  layered: LayeredView,
  event: PaymentEvent,
  before: PaymentsView = layered as LayeredView & PaymentsView,
): void {
  if ('entries' in event.data) layered.set(evolve(layered, event as Parameters<typeof evolve>[1]));
  // The revision is that of a payment's creation: nothing that is decided so creates one.
  const changes = evolvePayments(before, event, 0);
  layered.set(changes as unknown as Parameters<LayeredView['set']>[0]);
}
