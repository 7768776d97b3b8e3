import type { BookingLine } from '@fintech-ledger/ledger/domain';
import { pair } from '../bookings';
import { chartAccount, clearingAccount, ownerAccount, platformOwner } from '../chart';

export interface FeeAdjustmentBooking {
  /** What the rail takes more than was booked. */
  readonly amount: bigint;
  readonly currency: string;
  /** Who bears the rail's fee. */
  readonly owner: string;
  readonly rail: string;
}

/**
 * The rail keeps the difference back, or gives it; it leaves what is available, whatever is there, as the fee of a
 * dispute does. Of the platform's own payments it is an expense apart from the fees that were expected.
 */
export function adjustedLines({ amount, currency, owner, rail }: FeeAdjustmentBooking): BookingLine[] {
  const available = ownerAccount(owner, 'available', currency);
  const expense = owner === platformOwner ? amount : 0n;
  return [
    ...pair(available, clearingAccount(rail, currency), amount, currency),
    ...pair(chartAccount('feeAdjustments', currency), chartAccount('result', currency), expense, currency),
  ];
}

/** Every account that an adjustment may book on. */
export const adjustedAccounts = (rail: string, currency: string, owner: string) => [
  clearingAccount(rail, currency),
  ownerAccount(owner, 'available', currency),
  ...(['feeAdjustments', 'result'] as const).map((name) => chartAccount(name, currency)),
];

const of = { currency: 'USD', rail: 'simulator' };
/** What events of adjustments book. */
export const feeAdjustmentCases = {
  FeeAdjusted: [
    {
      when: "The rail reports a fee of 350 for a payment of the platform's with which 320 was booked.",
      lines: adjustedLines({ ...of, amount: 30n, owner: platformOwner }),
    },
    {
      when: 'It reports 300.',
      lines: adjustedLines({ ...of, amount: -20n, owner: platformOwner }),
    },
    {
      when: "It reports 350 for a connected account's own payment: the account bears the rail's fee.",
      lines: adjustedLines({ ...of, amount: 30n, owner: 'acct_1' }),
    },
  ],
} as const;
