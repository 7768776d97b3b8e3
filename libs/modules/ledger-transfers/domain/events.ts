import { EventList, eventType, object } from '@fintech-ledger/contract';
import type { EventsOf } from '@fintech-ledger/contract';
import { bookingEvent } from '@fintech-ledger/ledger/domain';
import { publicEvents, unpublished } from '@fintech-ledger/shapes';
import { arrival, ledgerTransfer } from './facts';
import type { ArrivalFacts, LedgerTransferFacts } from './facts';
import { arrivalKey, ledgerTransferKey } from './records';

interface OfTransfer {
  readonly transfer: LedgerTransferFacts;
}
interface OfArrival {
  readonly arrival: ArrivalFacts;
}
const touches = ({ transfer }: OfTransfer): readonly string[] => [ledgerTransferKey(transfer.id)];
const touchesArrival = ({ arrival: { id } }: OfArrival): readonly string[] => [arrivalKey(id)];

const ofTransfer = object<OfTransfer>({ transfer: ledgerTransfer });
const plain = <const N extends string>(name: N, description: string) =>
  eventType({ name, description, schema: ofTransfer, touches });

/** What the journals of two ledgers say of a transfer between them. */
export const ledgerTransferEvents = new EventList({ prefix: 'journal-' }, [
  bookingEvent({
    name: 'LedgerTransferCreated',
    description:
      'Money is to be moved to another ledger: it leaves its account and is in transit. The other ledger is told next.',
    fields: { transfer: ledgerTransfer },
    touches,
  }),
  plain('LedgerTransferUpdated', 'A transfer between ledgers was described otherwise. Nothing is booked.'),
  plain(
    'LedgerTransferResumed',
    'Nothing is known of a transfer: the other ledger is told again, under the same key. Nothing is booked.',
  ),
  plain('LedgerTransferSettled', 'The other ledger has received a transfer. Nothing is booked here.'),
  bookingEvent({
    name: 'LedgerTransferReversed',
    description: 'The other ledger declined a transfer: its account has the money back.',
    fields: { transfer: ledgerTransfer },
    touches,
  }),
  bookingEvent({
    name: 'LedgerTransferReceived',
    description: 'Money of another ledger has arrived: it is in transit no more.',
    fields: { arrival },
    touches: touchesArrival,
  }),
  eventType({
    name: 'LedgerTransferDeclined',
    description: 'Money of another ledger can not be booked here, now or later. Nothing is booked.',
    schema: object<OfArrival>({ arrival }),
    touches: touchesArrival,
  }),
]);
export type LedgerTransferEvent = EventsOf<typeof ledgerTransferEvents>;

const polled = unpublished('The contract names no public event of transfers between ledgers.');

/** What clients are told of these events. */
export const ledgerTransferPublicEvents = publicEvents(ledgerTransferEvents, {
  LedgerTransferCreated: polled,
  LedgerTransferUpdated: polled,
  LedgerTransferResumed: unpublished('An attempt changes nothing of a transfer.'),
  LedgerTransferSettled: polled,
  LedgerTransferReversed: polled,
  LedgerTransferReceived: unpublished('The ledger that the money left says what became of it.'),
  LedgerTransferDeclined: unpublished('The ledger that the money left says what became of it.'),
});
