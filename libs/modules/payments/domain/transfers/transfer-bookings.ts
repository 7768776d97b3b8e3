import type { BookingLine } from '@fintech-ledger/ledger/domain';
import { merged, pair } from '../bookings';
import { chartAccount, clearingAccount, ownerAccount, platformOwner } from '../chart';
import type { ChartAccount } from '../chart';

export interface MoveBooking {
  /** Minor units, from one's available balance to the other's. */
  readonly available: bigint;
  readonly currency: string;
  readonly from: string;
  /** The same of what both have pending. */
  readonly pending: bigint;
  readonly to: string;
}

/** Money goes from one owner to another one, as it is: pending or available. */
export function moveLines({ available, currency, from, pending, to }: MoveBooking): BookingLine[] {
  const of = (bucket: 'available' | 'pending', amount: bigint): BookingLine[] =>
    pair(ownerAccount(from, bucket, currency), ownerAccount(to, bucket, currency), amount, currency);
  return merged([...of('pending', pending), ...of('available', available)]);
}

export interface AccountSettlementBooking {
  readonly account: string;
  readonly amount: bigint;
  readonly currency: string;
  /** What the rail keeps back of it. */
  readonly kept: bigint;
  readonly rail: string;
}

/** What an account had pending is available, and what the rail has not kept of it is paid out to the bank. */
export function accountSettlementLines(settlement: AccountSettlementBooking): BookingLine[] {
  const { account, amount, currency, kept, rail } = settlement;
  const of = (bucket: 'available' | 'pending'): ChartAccount => ownerAccount(account, bucket, currency);
  return [
    ...pair(of('pending'), of('available'), amount, currency),
    ...pair(chartAccount('bank', currency), clearingAccount(rail, currency), amount - kept, currency),
  ];
}

/** The accounts that a transfer and its reversals book on. */
export function transferAccounts(destination: string, currency: string): readonly ChartAccount[] {
  return [platformOwner, destination].flatMap((owner) =>
    (['available', 'pending'] as const).map((bucket) => ownerAccount(owner, bucket, currency)),
  );
}
