import type { EntryRequest, TransactionLine, TransactionSnapshot } from '@fintech-ledger/ledger/domain';

/** The whole, or a part by amount or by one debit and one credit of the transaction. */
export function portionFor(
  transaction: TransactionSnapshot,
  leftOf: (line: TransactionLine) => bigint,
  amount: number,
  variant: number,
): { amount?: string; entries?: EntryRequest[] } {
  const some = (most: bigint) => (most > 1n ? String((most * BigInt(amount)) / 1_000n || 1n) : '1');
  const { lines } = transaction;
  if (variant < 35) return {};
  if (variant < 65 && lines.length === 2) {
    const [line] = lines;
    return { amount: some(line ? leftOf(line) : 0n) };
  }
  const debit = lines.find((line) => line.direction === 'debit' && leftOf(line) > 0n);
  const credit = lines.find(
    (line) => line.direction === 'credit' && line.currency === debit?.currency && leftOf(line) > 0n,
  );
  if (!debit || !credit) return {};
  const most = leftOf(debit) < leftOf(credit) ? leftOf(debit) : leftOf(credit);
  const entry = ({ account, currency, direction }: TransactionLine, part: string): EntryRequest => ({
    account,
    currency,
    direction,
    amount: part,
  });
  const part = some(most);
  // Now and then one line is named twice, which together may be more than there is.
  return variant % 4 === 0
    ? { entries: [entry(credit, String(BigInt(part) * 2n)), entry(debit, part), entry(debit, part)] }
    : { entries: [entry(credit, part), entry(debit, part)] };
}
