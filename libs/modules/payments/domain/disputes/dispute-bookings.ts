import type { BookingLine } from '@fintech-ledger/ledger/domain';
import { merged, pair } from '../bookings';
import { chartAccount, clearingAccount, ownerAccount, platformOwner } from '../chart';

export interface DisputeBooking {
  readonly amount: bigint;
  readonly currency: string;
  /** Whose payment it is; absent: the platform's. */
  readonly owner?: string;
  readonly rail: string;
}

/** The rail takes the amount and its fee; both leave what is available, whatever is there. */
export function openedLines({
  amount,
  currency,
  fee,
  owner = platformOwner,
  rail,
}: DisputeBooking & { fee: bigint }): BookingLine[] {
  const available = ownerAccount(owner, 'available', currency);
  const expense = owner === platformOwner ? fee : 0n;
  const clearing = clearingAccount(rail, currency);
  return merged([
    ...pair(available, chartAccount('disputesHeld', currency), amount, currency),
    ...pair(chartAccount('disputesWithdrawn', currency), clearing, amount, currency),
    ...pair(available, clearing, fee, currency),
    ...pair(chartAccount('disputeFees', currency), chartAccount('result', currency), expense, currency),
  ]);
}

/** Both are undone; the fee stays. */
export function wonLines({ amount, currency, owner = platformOwner, rail }: DisputeBooking): BookingLine[] {
  const available = ownerAccount(owner, 'available', currency);
  return [
    ...pair(chartAccount('disputesHeld', currency), available, amount, currency),
    ...pair(clearingAccount(rail, currency), chartAccount('disputesWithdrawn', currency), amount, currency),
  ];
}

/** It was given up, or was taken for lost, and the rail gives the amount back all the same. */
export function wonAfterAllLines(dispute: DisputeBooking): BookingLine[] {
  const { amount, currency, owner = platformOwner, rail } = dispute;
  const available = ownerAccount(owner, 'available', currency);
  return pair(clearingAccount(rail, currency), available, amount, currency);
}

/** What was withdrawn is gone, and nothing is held any more. */
export function lostLines({ amount, currency }: Omit<DisputeBooking, 'rail'>): BookingLine[] {
  const [held, withdrawn] = [
    chartAccount('disputesHeld', currency),
    chartAccount('disputesWithdrawn', currency),
  ];
  return pair(held, withdrawn, amount, currency);
}

/** Every account that events of disputes book on. */
export const disputeAccounts = (rail: string, currency: string, owner = platformOwner) => [
  clearingAccount(rail, currency),
  ownerAccount(owner, 'available', currency),
  ...(['disputesHeld', 'disputesWithdrawn', 'disputeFees', 'result'] as const).map((name) =>
    chartAccount(name, currency),
  ),
];
