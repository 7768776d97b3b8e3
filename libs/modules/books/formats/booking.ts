import { entriesMax, importedAmountDigitsMax } from '@fintech-ledger/ledger/domain';
import type { AccountType } from '@fintech-ledger/ledger/domain';
import type { CsvLine, CsvPosting } from './csv-posting';
import { toMinor } from './decimal';
import { problem } from './problem';
import type { ImportProblem } from './problem';
import { tooPrecise, unbookableOn } from './unit-exponents';
import type { BookedUnit } from './unit-exponents';
import { invalidAmount, tooManyEntries, unbalanced, unknownCurrency } from '@fintech-ledger/ledger/domain';
import { inconsistentTransaction } from './line-refusals';

/** An entry before its account is known by its address. Positive: a debit. */
export interface PlannedEntry {
  readonly account: string;
  /** Null: it is made of the account's name. */
  readonly address: string | null;
  readonly type: AccountType;
  readonly unit: string;
  readonly code: string;
  readonly amountMinor: bigint;
}

export interface PlannedTransaction {
  readonly line: number;
  readonly postings: readonly CsvPosting[];
  readonly effectiveAt: string;
  readonly description: string | null;
  readonly reference: string | null;
  /** Balanced in each unit, none of nothing. */
  readonly entries: readonly PlannedEntry[];
}

/** The account through which a unit goes when it is exchanged for another. */
const tradingAccount = (code: string): string => `equity:trading:${code}`;

/**
 * The lines of one transaction as entries that balance in each unit. What is left over in two or more units was exchanged at a price:
 * it goes through the trading account of each. Left over in one unit only, the transaction is unbalanced.
 */
export function planTransaction(
  lines: readonly CsvLine[],
  units: ReadonlyMap<string, BookedUnit | ImportProblem>,
): PlannedTransaction | readonly ImportProblem[] {
  const problems: ImportProblem[] = [];
  const postings: CsvPosting[] = [];
  const entries: PlannedEntry[] = [];
  for (const { content, line } of lines) {
    if ('code' in content) {
      problems.push(content);
      continue;
    }
    postings.push(content);
    // A posting of nothing fixes nothing: no unit, no account.
    if (content.amount.digits === 0n) continue;
    const entry = planEntry(content, line, units.get(content.unit));
    if ('detail' in entry) problems.push(entry);
    else entries.push(entry);
  }
  const first = postings[0];
  const line = lines[0]?.line ?? 0;
  if (problems.length > 0 || first === undefined) return problems;
  const otherDay = postings.find((posting) => posting.effectiveAt !== first.effectiveAt);
  if (otherDay !== undefined) {
    const detail = `the lines of the transaction have two dates, ${first.effectiveAt} and ${otherDay.effectiveAt}`;
    return [problem(inconsistentTransaction, detail, { line })];
  }
  const balanced = withTrading(entries);
  if (!Array.isArray(balanced)) return [{ ...balanced, line }];
  if (balanced.length > entriesMax) {
    const detail = `the transaction has ${balanced.length} entries with its trading accounts; at most ${entriesMax}`;
    return [problem(tooManyEntries, detail, { line })];
  }
  return {
    line,
    postings,
    effectiveAt: first.effectiveAt,
    description: postings.find((posting) => posting.description !== null)?.description ?? null,
    reference: postings.find((posting) => posting.reference !== null)?.reference ?? null,
    entries: balanced,
  };
}

function planEntry(
  { account, address, type, amount, unit, effectiveAt }: CsvPosting,
  line: number,
  booked: BookedUnit | ImportProblem | undefined,
): PlannedEntry | ImportProblem {
  if (booked === undefined || 'detail' in booked) {
    return { ...(booked ?? problem(unknownCurrency, `'${unit}' is not a unit`)), line };
  }
  const unbookable = unbookableOn(unit, booked, effectiveAt);
  if (unbookable !== undefined) return { ...unbookable, line };
  const amountMinor = toMinor(amount, booked.exponent);
  if (amountMinor === undefined) return { ...tooPrecise(unit, booked, amount.decimals), line };
  const digits = amountMinor.toString().replace('-', '').length;
  return digits > importedAmountDigitsMax
    ? problem(
        invalidAmount,
        `an amount has at most ${importedAmountDigitsMax} digits in minor units, this one ${digits}`,
        { line },
      )
    : { account, address, type, unit, code: booked.code, amountMinor };
}

function withTrading(entries: readonly PlannedEntry[]): PlannedEntry[] | ImportProblem {
  const left = new Map<string, { unit: string; sum: bigint }>();
  for (const { code, unit, amountMinor } of entries) {
    left.set(code, { unit, sum: (left.get(code)?.sum ?? 0n) + amountMinor });
  }
  const off = [...left].filter(([, { sum }]) => sum !== 0n);
  const [only] = off;
  if (only !== undefined && off.length === 1) {
    const [code, { sum }] = only;
    return problem(
      unbalanced,
      `debits and credits of ${code} differ by ${sum} minor units, and nothing was exchanged`,
    );
  }
  return [
    ...entries,
    ...off.map(([code, { unit, sum }]) => ({
      account: tradingAccount(code),
      address: null,
      type: 'equity' as const,
      unit,
      code,
      amountMinor: -sum,
    })),
  ];
}
