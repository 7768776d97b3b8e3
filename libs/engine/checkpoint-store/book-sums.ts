import { BrokenInvariant } from '@fintech-ledger/contract';
import type { CheckpointRow } from '@fintech-ledger/journal';

/**
 * By how much the rows of a save change the books: per currency, debits less credits. What is saved balances when what
 * was there before did and this is nothing, so the sums over all accounts need not be computed when it is loaded.
 */
export class BookSums {
  private readonly changes = new Map<string, bigint>();

  /** These rows are written. */
  add(rows: readonly CheckpointRow[]): void {
    for (const { currency, debits = 0n, credits = 0n } of rows)
      if (currency !== undefined) this.change(currency, debits - credits);
  }

  /** Rows with this sum were there before and are replaced. */
  remove(currency: string, sum: string): void {
    // What somebody has edited may be no whole number: it is no sum that any rows could have.
    this.change(currency, /^-?\d+$/.test(sum) ? -BigInt(sum) : 1n);
  }

  /** The first currency that does not balance, in words. */
  get difference(): string | undefined {
    for (const [currency, change] of this.changes)
      if (change !== 0n) return `${currency} is off by ${change}`;
    return undefined;
  }

  private change(currency: string, by: bigint): void {
    this.changes.set(currency, (this.changes.get(currency) ?? 0n) + by);
  }
}

/** Of a checkpoint that is begun: there is nothing else that could be at fault. */
export function unbalanced(stream: string, difference: string): BrokenInvariant {
  return new BrokenInvariant(`the books of ${stream} do not balance: ${difference}`);
}
