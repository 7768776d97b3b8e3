import type { LedgerQueries } from '@fintech-ledger/ledger';
import { accountNotFound } from '@fintech-ledger/ledger/domain';
import { ReadModelBehind, refusedQuery } from '@fintech-ledger/projection-runtime';
import type { At, Axis, Refused } from '@fintech-ledger/projection-runtime';
import { statementAttemptsMax, statementEntriesMax, statementPageEntries, statementReadMax } from './limits';
import { statementTooLong } from './statement-refusals';
import type { Statement, StatementLine } from './statement-shape';

type Queries = Pick<LedgerQueries, 'account' | 'accountEntries' | 'balance'>;
type Balance = Statement['opening_balance'];

/** Times: RFC 3339, UTC, milliseconds. */
export interface Period {
  /** Inclusive; absent: from the first entry on. */
  readonly from?: string;
  /** Exclusive. */
  readonly to: string;
  readonly axis: Axis;
}

const nothing: Balance = { debits: '0', credits: '0', balance: '0' };

/**
 * The statement of an account. Its parts are read one after the other: something that was booked into the period
 * meanwhile shows in that they don't add up, and then they are read again.
 * @throws Refused `account_not_found`, `statement_too_long` @throws ReadModelBehind it was booked into again and again
 */
export async function readStatement(
  queries: Queries,
  ledgerId: string,
  address: string,
  period: Period,
): Promise<At<Statement>> {
  const { to, axis } = period;
  for (let attempt = 0; attempt < statementAttemptsMax; attempt += 1) {
    const { result: account } = await queries.account(ledgerId, address);
    if (account === null) throw refusedQuery(accountNotFound, `There is no account ${address}.`);
    const { entries, revision } = await readLines(queries, ledgerId, address, period);
    const from = period.from ?? entries[0]?.[axis === 'effective' ? 'effective_at' : 'recorded_at'] ?? to;
    const opening = await balanceBefore(queries, ledgerId, address, from, axis);
    const closing = await balanceBefore(queries, ledgerId, address, to, axis);
    if (!addsUp(opening, entries, closing)) continue;
    const result: Statement = {
      object: 'statement',
      ...{ ledger: ledgerId, account: address, currency: account.currency, axis, from, to },
      opening_balance: opening,
      entries,
      closing_balance: closing,
    };
    return { result, revision };
  }
  throw new ReadModelBehind(1, `The account ${address} was booked into while its statement was made.`);
}

async function readLines(
  queries: Queries,
  ledgerId: string,
  address: string,
  { from, to, axis }: Period,
): Promise<{ readonly entries: readonly StatementLine[]; readonly revision: number }> {
  const window = { to, axis, ...(from === undefined ? {} : { from }) };
  const lines: StatementLine[] = [];
  let revision = -1;
  let read = 0;
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = { limit: statementPageEntries, ...(cursor === undefined ? {} : { cursor }) };
    const answer = await queries.accountEntries(ledgerId, address, window, page);
    if (cursor === undefined) ({ revision } = answer);
    for (const { effect, event, running, transaction, direction, amount, ...entry } of answer.result?.data ??
      []) {
      if (effect !== 'post' && effect !== 'capture') continue;
      const { description, effective_at, recorded_at } = entry;
      const { balance } = running.posted;
      lines.push({ transaction, event, effective_at, recorded_at, description, direction, amount, balance });
    }
    if (lines.length > statementEntriesMax) throw tooLong(`${statementEntriesMax} entries`);
    read += answer.result?.data.length ?? 0;
    if (read > statementReadMax) throw tooLong(`${statementReadMax} entries, holds included,`);
    cursor = answer.result?.next_cursor ?? null;
  }
  return { entries: lines.reverse(), revision };
}

const tooLong = (what: string): Refused =>
  refusedQuery(statementTooLong, `There are more than ${what} in the period.`);

async function balanceBefore(
  queries: Queries,
  ledgerId: string,
  address: string,
  moment: string,
  axis: Axis,
): Promise<Balance> {
  // Moments are inclusive there, and times have whole milliseconds.
  const time = new Date(Date.parse(moment) - 1).toISOString();
  const { result } = await queries.balance(ledgerId, address, { time, axis });
  return result === null ? nothing : result.posted;
}

function addsUp(opening: Balance, entries: readonly StatementLine[], closing: Balance): boolean {
  let [debits, credits] = [BigInt(opening.debits), BigInt(opening.credits)];
  for (const { direction, amount } of entries) {
    if (direction === 'debit') debits += BigInt(amount);
    else credits += BigInt(amount);
  }
  return debits === BigInt(closing.debits) && credits === BigInt(closing.credits);
}
