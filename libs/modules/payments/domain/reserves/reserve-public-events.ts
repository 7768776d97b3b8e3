import { publicEvent, unpublished } from '@fintech-ledger/shapes';
import type { BookingFacts } from '@fintech-ledger/ledger/domain';
import { availableShape } from '../balance-views';
import type { AvailableView } from '../balance-views';
import { ownerAccount } from '../chart';
import type { ReleasedReserve } from './reserve-events';

interface Released {
  readonly entries: BookingFacts['entries'];
  readonly reserve: ReleasedReserve;
}

function showAvailable({ entries, reserve: { account, currency, pending } }: Released): AvailableView {
  const { account: address } = ownerAccount(account, 'available', currency);
  const entry = entries.findLast((each) => each.account === address);
  const { postedCredits = '0', postedDebits = '0' } = entry?.after ?? {};
  return {
    object: 'balance',
    available: [{ amount: String(BigInt(postedCredits) - BigInt(postedDebits)), currency }],
    pending: [{ amount: pending, currency }],
    connected_account: account,
  };
}

/** What the journal of a payments ledger tells clients of reserves. */
export const reservePublicEvents = {
  ReserveHeld: unpublished('What becomes available with it is told, as it is after that.'),
  ReserveReleased: [
    publicEvent<Released, AvailableView>({
      name: 'balance.available',
      description: 'Something became available: the balance in its currency after that.',
      object: availableShape,
      idsOf: ({ reserve }) => ['balance', reserve.account],
      objectOf: showAvailable,
    }),
  ],
} as const;
