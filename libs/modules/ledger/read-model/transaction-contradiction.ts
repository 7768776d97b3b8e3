import type { TransactionLine, TransactionStatus } from '@fintech-ledger/ledger/domain';

const parts = ['amount', 'held', 'captured', 'reversed'] as const;

/**
 * What no events could have made of a transaction's row, or undefined. Debits equal credits in every part of the lines,
 * in each currency.
 */
export function transactionContradiction(
  status: TransactionStatus,
  isHold: boolean,
  lines: readonly TransactionLine[],
): string | undefined {
  const sums = new Map<string, bigint>();
  let held = 0n;
  for (const line of lines) {
    const amount = BigInt(line.amount);
    const captured = BigInt(line.captured);
    if (BigInt(line.held) + captured > amount || BigInt(line.reversed) > captured)
      return `the line of ${line.account} has more held, captured or reversed than there is`;
    held += BigInt(line.held);
    for (const part of parts) {
      const key = `${part} ${line.currency}`;
      const value = BigInt(line[part]);
      sums.set(key, (sums.get(key) ?? 0n) + (line.direction === 'debit' ? value : -value));
    }
  }
  for (const [key, sum] of sums) if (sum !== 0n) return `its debits and credits differ by ${sum} (${key})`;
  if (lines.length < 2) return 'it has fewer than two lines';
  if ((status === 'pending') !== held > 0n) return `it is ${status} with ${held} held`;
  if (!isHold && status !== 'posted') return `it is ${status} and no hold`;
  return undefined;
}
