import type { BookingFacts } from '@fintech-ledger/ledger/domain';
import { lineIdOf } from '../balance-line';
import type { BalanceLine } from '../balance-line';
import { hasPending, settlementOfLine } from '../charges/charge-lines';
import { platformOwner } from '../chart';
import type { PaymentFacts, RefundFacts } from '../facts';
import type { SplitFacts } from './split-facts';

interface Booked {
  readonly entries: BookingFacts['entries'];
  readonly payment: PaymentFacts;
  readonly split: SplitFacts;
  readonly transaction: BookingFacts['transaction'];
}

/** What others get of the platform's: a line of each side for each share. */
export const linesOfSplit = (data: Booked): readonly BalanceLine[] =>
  linesOf(
    data,
    'transfer',
    data.split.shares.map(({ amount }) => BigInt(amount)),
    data.split.id,
  );

/** What comes back of that with a refund, or goes again as it failed. */
export function linesOfShares(data: Booked & { readonly refund: RefundFacts }): readonly BalanceLine[] {
  const { id, sharesAgain = [], sharesReversed = [], status } = data.refund;
  if (status === 'failed') return linesOf(data, 'transfer', sharesAgain.map(BigInt), id);
  const back = sharesReversed.map((amount) => -BigInt(amount));
  return linesOf(data, 'transfer_reversal', back, id);
}

/** What the parties gave back of a lost dispute, or have again of that. */
export function linesOfReversal(
  data: Booked & { readonly reversal: { readonly shares: readonly string[] } },
  isAgain: boolean,
): readonly BalanceLine[] {
  const shares = data.reversal.shares.map((amount) => (isAgain ? BigInt(amount) : -BigInt(amount)));
  return linesOf(data, isAgain ? 'transfer' : 'transfer_reversal', shares, data.split.id);
}

/** @param amounts what each party gets, below zero: gives back; what is nothing, or the platform's own, has no line */
function linesOf(
  data: Booked,
  type: 'transfer' | 'transfer_reversal',
  amounts: readonly bigint[],
  source: string,
): readonly BalanceLine[] {
  const { payment, split, transaction } = data;
  const { currency, livemode } = payment;
  const lineOf = (owner: string, id: string, amount: bigint): BalanceLine => {
    const settlement = settlementOfLine(payment, owner, hasPending(data, owner));
    return { id, type, amount, fee: 0n, currency, livemode, owner, source, settlement };
  };
  return split.shares.flatMap(({ account }, i) => {
    const amount = amounts[i] ?? 0n;
    if (amount === 0n || account === platformOwner) return [];
    const id = `${lineIdOf(transaction)}_share${i + 1}`;
    return [lineOf(platformOwner, id, -amount), lineOf(account, `${id}_account`, amount)];
  });
}
