import type { BookingLine } from '@fintech-ledger/ledger/domain';
import { pair } from '../bookings';
import { chartAccount } from '../chart';

/** What a bank takes of the platform, or gives it, apart from any payment. */
export const bankChargeKinds = ['fee', 'interest'] as const;
export type BankChargeKind = (typeof bankChargeKinds)[number];

export interface BankChargeBooking {
  /** What the bank takes; below zero: what it gives. */
  readonly amount: bigint;
  readonly currency: string;
  readonly kind: BankChargeKind;
}

/**
 * The line of the statement has left the bank already, or come to it: what is available pays for it, whatever is there,
 * or has it. A fee that comes back lessens the expense, and interest that is taken the revenue.
 */
export function bankChargeLines({ amount, currency, kind }: BankChargeBooking): BookingLine[] {
  const of = (name: Parameters<typeof chartAccount>[0]) => chartAccount(name, currency);
  return [
    ...pair(of('available'), of('unapplied'), amount, currency),
    ...(kind === 'fee'
      ? pair(of('bankCharges'), of('result'), amount, currency)
      : pair(of('result'), of('bankInterest'), -amount, currency)),
  ];
}

/** Every account that it may book on. */
export const bankChargeAccounts = (currency: string) =>
  (['available', 'unapplied', 'bankCharges', 'bankInterest', 'result'] as const).map((name) =>
    chartAccount(name, currency),
  );

const of = { currency: 'EUR' };
/** What events of bank charges book. */
export const bankChargeCases = {
  BankChargeBooked: [
    {
      when: 'A bank takes 500 for its account, as a line that left is said to be.',
      lines: bankChargeLines({ ...of, amount: 500n, kind: 'fee' }),
    },
    {
      when: 'A payout of 10,000 comes back, less 100 of the bank that sends it: beside the payout that failed.',
      lines: bankChargeLines({ ...of, amount: 100n, kind: 'fee' }),
    },
    { when: 'It gives a fee of 100 back.', lines: bankChargeLines({ ...of, amount: -100n, kind: 'fee' }) },
    { when: 'It pays interest of 70.', lines: bankChargeLines({ ...of, amount: -70n, kind: 'interest' }) },
    { when: 'It takes interest of 30.', lines: bankChargeLines({ ...of, amount: 30n, kind: 'interest' }) },
  ],
} as const;
