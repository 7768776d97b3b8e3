import { refuse } from '@fintech-ledger/contract';
import type { Direction } from './account';
import type { EntryRequest } from './commands';
import type { TransactionLine } from './transaction';
import { notAnAmount, unbalancedRefusal, parseAmount } from './entries';
import type { ParsedEntry } from './entries';
import { entriesMax } from './limits';
import type { OfLedger } from './managed';
import { tooFewEntries, tooManyEntries } from './entry-refusals';
import { amountNeedsTwoEntries, entryNotInTransaction } from './portion-refusals';
import type { DeclaredRefusal, RefusalOf } from '@fintech-ledger/contract';
import type { PortionRefusals } from './portion-refusals';

/** What a capture or a reversal takes of each line, in the order of the lines. */
export interface Portion {
  readonly taken: readonly bigint[];
}

interface PortionRequest extends Pick<OfLedger, 'isImport'> {
  readonly amount?: string;
  readonly entries?: readonly EntryRequest[];
}

/**
 * Resolves "the whole", `amount` or `entries` to a part of each line.
 * @param left what may be taken at most, by line
 * @param exceeded the refusal when more is asked for
 */
export function portionOf<Code extends string>(
  lines: readonly TransactionLine[],
  left: readonly bigint[],
  request: PortionRequest,
  exceeded: DeclaredRefusal<Code>,
): Portion | RefusalOf<PortionRefusals<Code>> {
  if (request.entries !== undefined)
    return portionByEntries(lines, left, { ...request, entries: request.entries }, exceeded);
  if (request.amount === undefined) return { taken: left };
  const amount = parseAmount(request.amount, request);
  if (amount === undefined) return notAnAmount('/amount', request);
  if (lines.length !== 2) {
    return refuse(
      amountNeedsTwoEntries,
      `the transaction has ${lines.length} entries: say by "entries" how much of each`,
      '/amount',
    );
  }
  const most = left.reduce((a, b) => (a < b ? a : b));
  if (amount > most)
    return refuse(exceeded, `${amount} is more than the ${most} that is left`, '/amount', {
      left: String(most),
    });
  return { taken: [amount, amount] };
}

function portionByEntries<Code extends string>(
  lines: readonly TransactionLine[],
  left: readonly bigint[],
  asked: PortionRequest & { readonly entries: readonly EntryRequest[] },
  exceeded: DeclaredRefusal<Code>,
): Portion | RefusalOf<PortionRefusals<Code>> {
  const { entries } = asked;
  if (entries.length > entriesMax) {
    return refuse(tooManyEntries, `at most ${entriesMax} entries, these are ${entries.length}`, '/entries');
  }
  if (entries.length < 2) {
    return refuse(tooFewEntries, `at least 2 entries, these are ${entries.length}`, '/entries');
  }
  const taken = lines.map(() => 0n);
  const parsed: ParsedEntry[] = [];
  for (let i = 0; i < entries.length; i += 1) {
    const entry = entries[i] as EntryRequest;
    const amount = parseAmount(entry.amount, asked);
    if (amount === undefined) return notAnAmount(`/entries/${i}/amount`, asked);
    parsed.push({ account: entry.account, amount, currency: entry.currency, direction: entry.direction });
    const rest = takeFromLines(lines, left, taken, entry, amount);
    if (rest === undefined) {
      return refuse(
        entryNotInTransaction,
        `the transaction has no ${entry.direction} of ${entry.currency} on ${entry.account}`,
        `/entries/${i}`,
      );
    }
    if (rest > 0n) {
      return refuse(
        exceeded,
        `${amount} is ${rest} more than what is left of this entry`,
        `/entries/${i}/amount`,
        {
          left: String(amount - rest),
        },
      );
    }
  }
  return unbalancedRefusal(parsed) ?? { taken };
}

/** Takes from the lines that match, in their order; returns what could not be taken, or undefined when none matches. */
function takeFromLines(
  lines: readonly TransactionLine[],
  left: readonly bigint[],
  taken: bigint[],
  entry: { readonly account: string; readonly currency: string; readonly direction: Direction },
  amount: bigint,
): bigint | undefined {
  let rest = amount;
  let isMatched = false;
  for (let l = 0; l < lines.length; l += 1) {
    const line = lines[l] as TransactionLine;
    if (
      line.account !== entry.account ||
      line.currency !== entry.currency ||
      line.direction !== entry.direction
    )
      continue;
    isMatched = true;
    const free = (left[l] ?? 0n) - (taken[l] ?? 0n);
    const part = free < rest ? free : rest;
    taken[l] = (taken[l] ?? 0n) + part;
    rest -= part;
  }
  return isMatched ? rest : undefined;
}
