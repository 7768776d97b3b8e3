import type { BookingLine } from '@fintech-ledger/ledger/domain';
import { merged, pair } from '../bookings';
import { ownerAccount, platformOwner } from '../chart';
import type { Moved } from '../charges/charge-bookings';
import { moveLines } from '../transfers/transfer-bookings';

/** What of a share moves, as what both have pending or available. */
export interface ShareMove extends Moved {
  /** `platform`, whose own share stays where it is, or a connected account. */
  readonly account: string;
}

/** What the parties of a split get of the platform's; below zero: they give it back. */
export function shareLines(currency: string, moves: readonly ShareMove[]): BookingLine[] {
  const ofOthers = moves.filter(({ account }) => account !== platformOwner);
  return merged(
    ofOthers.flatMap(({ account, available, pending }) =>
      moveLines({ available, currency, from: platformOwner, pending, to: account }),
    ),
  );
}

/** A split after the capture. One that leaves all with the platform is booked all the same, on its own balance. */
export function splitLines(currency: string, moves: readonly ShareMove[], isPending: boolean): BookingLine[] {
  const lines = shareLines(currency, moves);
  if (lines.length > 0) return lines;
  const own = ownerAccount(platformOwner, isPending ? 'pending' : 'available', currency);
  const amount = moves.reduce((sum, { available, pending }) => sum + available + pending, 0n);
  return pair(own, own, amount, currency);
}
