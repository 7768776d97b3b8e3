import type { BookingLine } from '@fintech-ledger/ledger/domain';
import { bankTransferRail, chartAccount, clearingAccount, ownerAccount, platformOwner } from './chart';
import type { ChartAccount } from './chart';
import type { PayoutFacts } from './payout-facts';

/* What each event books, as lines. An amount of zero books nothing, one below zero the other way round. */

interface In {
  readonly rail: string;
  readonly currency: string;
}

/** Debits one account and credits another one. */
export function pair(
  debit: ChartAccount,
  credit: ChartAccount,
  amount: bigint,
  currency: string,
): BookingLine[] {
  if (amount === 0n) return [];
  const [from, to] = amount > 0n ? [debit, credit] : [credit, debit];
  const moved = amount > 0n ? amount : -amount;
  return [
    { account: from.account, amount: moved, currency, direction: 'debit', opens: from.opens },
    { account: to.account, amount: moved, currency, direction: 'credit', opens: to.opens },
  ];
}

/** The same account on the same side once, with the sum. */
export function merged(lines: readonly BookingLine[]): BookingLine[] {
  const sums = new Map<string, BookingLine>();
  for (const line of lines) {
    const key = `${line.direction} ${line.account}`;
    const before = sums.get(key);
    sums.set(key, before === undefined ? line : { ...before, amount: before.amount + line.amount });
  }
  return [...sums.values()];
}

/** Of whose payment it is; absent: the platform's. */
interface OfOwner extends In {
  readonly owner?: string;
}

export interface CaptureBooking extends OfOwner {
  readonly captured: bigint;
  readonly fee: bigint;
  /** Whether the rail pays it out at once. */
  readonly isAvailable: boolean;
}

/** What was captured, less the rail's fee, which is an expense of the platform's where the payment is its own. */
export function captureLines(capture: CaptureBooking): BookingLine[] {
  const { rail, currency, captured, fee, isAvailable, owner = platformOwner } = capture;
  const of = (name: Parameters<typeof chartAccount>[0]): ChartAccount => chartAccount(name, currency);
  const isAtBank = isAvailable && rail !== bankTransferRail;
  const money = isAtBank ? of('bank') : clearingAccount(rail, currency);
  const balance = ownerAccount(owner, isAvailable ? 'available' : 'pending', currency);
  const expense = owner === platformOwner ? fee : 0n;
  // What comes to nothing, and is no expense of the platform's, is booked all the same.
  const isWhole = captured === fee && expense === 0n;
  return [
    ...pair(money, balance, isWhole ? captured : captured - fee, currency),
    ...pair(balance, money, isWhole ? fee : 0n, currency),
    ...pair(of('processing'), of('result'), expense, currency),
  ];
}

export interface RefundBooking extends OfOwner {
  readonly fromPending: bigint;
  readonly fromAvailable: bigint;
}

/** A refund is made: it leaves the balance, and is in transit. */
export function refundLines(refund: RefundBooking): BookingLine[] {
  const { currency, fromPending, fromAvailable, owner = platformOwner } = refund;
  const transit = chartAccount('refundsInTransit', currency);
  return merged([
    ...pair(ownerAccount(owner, 'pending', currency), transit, fromPending, currency),
    ...pair(ownerAccount(owner, 'available', currency), transit, fromAvailable, currency),
  ]);
}

/** The rail has refunded: it keeps the whole back of what it settles. */
export function refundedLines({ rail, currency, fromPending, fromAvailable }: RefundBooking): BookingLine[] {
  const transit = chartAccount('refundsInTransit', currency);
  return pair(transit, clearingAccount(rail, currency), fromPending + fromAvailable, currency);
}

export interface FailedRefundBooking extends RefundBooking {
  /** Whether it had succeeded before, so that the rail gives it back. */
  readonly hadSucceeded: boolean;
  /** Whether what its payment had pending is settled by now. */
  readonly isSettled: boolean;
}

/** A refund failed: the balance has it back. */
export function failedRefundLines(refund: FailedRefundBooking): BookingLine[] {
  const { rail, currency, fromPending, fromAvailable, hadSucceeded, isSettled } = refund;
  const { owner = platformOwner } = refund;
  const from = hadSucceeded ? clearingAccount(rail, currency) : chartAccount('refundsInTransit', currency);
  const pendingAgain = isSettled ? 0n : fromPending;
  return merged([
    ...pair(from, ownerAccount(owner, 'pending', currency), pendingAgain, currency),
    ...pair(
      from,
      ownerAccount(owner, 'available', currency),
      fromAvailable + fromPending - pendingAgain,
      currency,
    ),
  ]);
}

export interface SettlementBooking extends In {
  /** What becomes available of the platform's. */
  readonly platform: bigint;
  /** What the rail keeps back of it. */
  readonly kept: bigint;
}

/** What was pending is available, and what the rail has kept of it is paid out. */
export function settlementLines({ rail, currency, platform, kept }: SettlementBooking): BookingLine[] {
  return [
    ...pair(chartAccount('pending', currency), chartAccount('available', currency), platform, currency),
    ...pair(chartAccount('bank', currency), clearingAccount(rail, currency), platform - kept, currency),
  ];
}

/** A line of a bank statement: the bank has it, or has it no more, and nobody knows yet what for. */
export function bankLineLines(amount: bigint, currency: string, isCredit: boolean): BookingLine[] {
  const [bank, unapplied] = [chartAccount('bank', currency), chartAccount('unapplied', currency)];
  return pair(bank, unapplied, isCredit ? amount : -amount, currency);
}

/** What came in is to go back to who sent it. */
export function returnLines(amount: bigint, currency: string): BookingLine[] {
  return pair(
    chartAccount('unapplied', currency),
    chartAccount('refundsInTransit', currency),
    amount,
    currency,
  );
}

/** It has gone back. */
export function returnedLines(amount: bigint, currency: string): BookingLine[] {
  return pair(
    chartAccount('refundsInTransit', currency),
    chartAccount('unapplied', currency),
    amount,
    currency,
  );
}

/** What of a payout is booked. */
export type PayoutStep = 'created' | 'paid' | 'failed' | 'returned';

/** What of a payout its bookings read. */
export type PayoutBooking = Pick<PayoutFacts, 'amount' | 'connectedAccount' | 'currency'> &
  Partial<Pick<PayoutFacts, 'rail'>>;

/** The accounts that events of payouts book on. */
export function accountsOfPayout({
  connectedAccount = platformOwner,
  currency,
  rail,
}: Omit<PayoutBooking, 'amount'>): readonly [ChartAccount, ChartAccount, ChartAccount] {
  const available = ownerAccount(connectedAccount, 'available', currency);
  // By bank, the line of the statement that says so has left the bank already.
  const from = chartAccount(rail === bankTransferRail ? 'unapplied' : 'bank', currency);
  return [available, ownerAccount(connectedAccount, 'in_transit', currency), from];
}

/** A payout leaves the balance when it is made; then it leaves the bank, or the balance has it back. */
export function payoutLines(step: PayoutStep, payout: PayoutBooking): BookingLine[] {
  const { currency } = payout;
  const amount = BigInt(payout.amount);
  const [available, transit, bank] = accountsOfPayout(payout);
  switch (step) {
    case 'created':
      return pair(available, transit, amount, currency);
    case 'paid':
      return pair(transit, bank, amount, currency);
    case 'failed':
      return pair(transit, available, amount, currency);
    case 'returned':
      return pair(bank, available, amount, currency);
  }
}
