import type { BookingLine } from '@fintech-ledger/ledger/domain';
import { captureLines, merged, pair } from '../bookings';
import type { CaptureBooking } from '../bookings';
import { chartAccount, platformOwner } from '../chart';
import { moveLines } from '../transfers/transfer-bookings';

/** Minor units, of what both have pending or available. */
export interface Moved {
  readonly available: bigint;
  readonly pending: bigint;
}
export const movedAs = (isPending: boolean, amount: bigint): Moved =>
  isPending ? { available: 0n, pending: amount } : { available: amount, pending: 0n };

/** The platform takes its fee of what a connected account has; below zero: it gives that back. */
export function applicationFeeLines(account: string, currency: string, fee: Moved): BookingLine[] {
  const total = fee.available + fee.pending;
  return [
    ...moveLines({ ...fee, currency, from: account, to: platformOwner }),
    ...pair(chartAccount('result', currency), chartAccount('applicationFees', currency), total, currency),
  ];
}

export interface ChargeBooking extends CaptureBooking {
  /** The connected account. */
  readonly account: string;
  readonly applicationFee: bigint;
  /** What it gets of the platform's payment; undefined: the payment is its own. */
  readonly transferred?: bigint;
}

/** What was captured, who gets it, and what the platform takes of that: all pending, or all available. */
export function chargeLines(charge: ChargeBooking): BookingLine[] {
  const { account, applicationFee, currency, isAvailable, transferred } = charge;
  const owner = transferred === undefined ? account : platformOwner;
  const transfer = { ...movedAs(!isAvailable, transferred ?? 0n), currency };
  return merged([
    ...captureLines({ ...charge, owner }),
    ...moveLines({ ...transfer, from: platformOwner, to: account }),
    ...applicationFeeLines(account, currency, movedAs(!isAvailable, applicationFee)),
  ]);
}

export interface GivingBack {
  /** The connected account. */
  readonly account: string;
  readonly currency: string;
  /** Of the application fee, to the account. */
  readonly fee: Moved;
  /** Of the transfer, from the account. */
  readonly transfer: Moved;
}

/** What goes back with a refund besides the money of the payer. Below zero: it does not, as the refund failed. */
export function givingBackLines({ account, currency, fee, transfer }: GivingBack): BookingLine[] {
  const toAccount = { available: -fee.available, pending: -fee.pending };
  return [
    ...applicationFeeLines(account, currency, toAccount),
    ...moveLines({ ...transfer, currency, from: account, to: platformOwner }),
  ];
}
