import { refuse } from '@fintech-ledger/contract';
import { availableBalance, postedBalance } from './account';
import type { AccountRecord, AccountTotals, Direction } from './account';
import type { BookedEntry, EntryEffect } from './transaction';
import { balanceAboveMaximum, insufficientFunds } from './entry-refusals';
import type { RefusalOf } from '@fintech-ledger/contract';
import type { boundRefusals } from './entry-refusals';

/** An account's totals after `amount` was entered on one side. */
export function applyEntry<T extends AccountTotals>(
  account: T,
  effect: EntryEffect,
  direction: Direction,
  amount: bigint,
): T {
  const posted = effect === 'post' || effect === 'capture' ? amount : 0n;
  const pending = effect === 'post' ? 0n : effect === 'hold' ? amount : -amount;
  return direction === 'debit'
    ? {
        ...account,
        postedDebits: account.postedDebits + posted,
        pendingDebits: account.pendingDebits + pending,
      }
    : {
        ...account,
        postedCredits: account.postedCredits + posted,
        pendingCredits: account.pendingCredits + pending,
      };
}

/** An entry to be booked on an account that is known to exist. */
export interface PlannedEntry {
  readonly account: AccountRecord;
  readonly amount: bigint;
  readonly direction: Direction;
  readonly effect: EntryEffect;
}

export interface Booking {
  readonly entries: readonly BookedEntry[];
  /** Each touched account before and after. */
  readonly touched: readonly { readonly before: AccountRecord; readonly after: AccountRecord }[];
}

/** Books entries in order; each carries its account's totals after it, so that every number in a read model has its event. */
export function book(planned: readonly PlannedEntry[]): Booking {
  const touched: { before: AccountRecord; after: AccountRecord }[] = [];
  const byAddress =
    planned.length > 8 ? new Map<string, { before: AccountRecord; after: AccountRecord }>() : undefined;
  const entries = planned.map((entry): BookedEntry => {
    const { address } = entry.account;
    let state = byAddress ? byAddress.get(address) : touched.find((t) => t.before.address === address);
    if (!state) {
      state = { before: entry.account, after: { ...entry.account, version: entry.account.version + 1 } };
      touched.push(state);
      byAddress?.set(address, state);
    }
    state.after = applyEntry(state.after, entry.effect, entry.direction, entry.amount);
    const { after } = state;
    return {
      account: address,
      accountType: after.type,
      after: {
        pendingCredits: String(after.pendingCredits),
        pendingDebits: String(after.pendingDebits),
        postedCredits: String(after.postedCredits),
        postedDebits: String(after.postedDebits),
        version: after.version,
      },
      amount: String(entry.amount),
      currency: after.currency,
      direction: entry.direction,
      effect: entry.effect,
    };
  });
  return { entries, touched };
}

/**
 * Bounds are judged on the result, not on the order of entries, and only where the result is worse than before: an account that
 * an administrator let go below its minimum may still be filled up step by step.
 * Each is judged on the worst that releases, which are never refused, can make of it: the minimum on what is available, the
 * maximum on what is posted, because a hold that takes away may be released and its amount be available again.
 */
export function crossedBound({ touched }: Booking): RefusalOf<typeof boundRefusals> | undefined {
  for (const { before, after } of touched) {
    const { minBalance, maxBalance } = after;
    if (minBalance === null && maxBalance === null) continue;
    const was = availableBalance(before.type, before);
    const is = availableBalance(after.type, after);
    if (minBalance !== null && is < minBalance && is < was) {
      return refuse(
        insufficientFunds,
        `${after.address} has ${was} ${after.currency} available and would have ${is}, below its minimum of ${minBalance}`,
        undefined,
        {
          account: after.address,
          available: String(was),
          min_balance: String(minBalance),
          currency: after.currency,
        },
      );
    }
    const hadPosted = postedBalance(before.type, before);
    const posted = postedBalance(after.type, after);
    if (maxBalance !== null && posted > maxBalance && posted > hadPosted) {
      return refuse(
        balanceAboveMaximum,
        `${after.address} has ${hadPosted} ${after.currency} posted and would have ${posted}, above its maximum of ${maxBalance}`,
        undefined,
        {
          account: after.address,
          posted: String(hadPosted),
          max_balance: String(maxBalance),
          currency: after.currency,
        },
      );
    }
  }
  return undefined;
}

/** The first currency in which debits and credits differ, with the difference (debits less credits); undefined when all balance. */
export function imbalance(
  entries: readonly { readonly amount: bigint; readonly currency: string; readonly direction: Direction }[],
): { readonly currency: string; readonly difference: bigint } | undefined {
  const [first, second] = entries;
  if (entries.length === 2 && first && second && first.currency === second.currency) {
    if (first.amount === second.amount && first.direction !== second.direction) return undefined;
  }
  const sums = new Map<string, bigint>();
  for (const { amount, currency, direction } of entries) {
    sums.set(currency, (sums.get(currency) ?? 0n) + (direction === 'debit' ? amount : -amount));
  }
  for (const [currency, difference] of sums) if (difference !== 0n) return { currency, difference };
  return undefined;
}
