import type { BookingLine } from '@fintech-ledger/ledger/domain';
import { pair } from '../bookings';
import { ownerAccount } from '../chart';
import type { ReserveFacts } from './reserve-events';

type Reserved = Pick<ReserveFacts, 'account' | 'amount' | 'currency'>;

/** What is available of an account is held back. */
export function heldLines({ account, amount, currency }: Reserved): BookingLine[] {
  const available = ownerAccount(account, 'available', currency);
  return pair(available, ownerAccount(account, 'reserved', currency), BigInt(amount), currency);
}

/** It is available again. */
export function releasedLines({ account, amount, currency }: Reserved): BookingLine[] {
  const available = ownerAccount(account, 'available', currency);
  return pair(ownerAccount(account, 'reserved', currency), available, BigInt(amount), currency);
}
