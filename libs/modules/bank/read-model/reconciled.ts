import { journalStream } from '@fintech-ledger/envelope';
import type { BankLineFacts, StatementFacts } from '@fintech-ledger/bank/domain';
import type { Sql } from '@fintech-ledger/postgres';
import { reachedRevision, readAt, StatementParameters, within } from '@fintech-ledger/projection-runtime';
import type { At, CreatedWithin } from '@fintech-ledger/projection-runtime';
import { bankProjectionName } from './bank-projection';
import type { BookedStatement } from './queries';

const reachedOf = (ledgerId: string, p: StatementParameters): string =>
  reachedRevision(p.$(journalStream(ledgerId)), bankProjectionName);

/** What was imported in a window, with what its lines have booked. @returns at most one more than the limit */
export async function selectBookedStatements(
  sql: Sql,
  ledgerId: string,
  window: CreatedWithin,
  limit: number,
): Promise<At<readonly BookedStatement[]>> {
  const p = new StatementParameters();
  const reached = reachedOf(ledgerId, p);
  const where = [`x.ledger_id = ${p.$(ledgerId)}`, ...within(window, p, 'x.created_ms')].join(' and ');
  const signed = `case l.facts ->> 'direction' when 'credit' then 1 else -1 end * (l.facts ->> 'amount')::numeric`;
  const text = `select true as row_exists, x.facts, x.created_revision, coalesce(
                       (select sum(${signed}) from read.bank_statement_lines l
                         where l.ledger_id = x.ledger_id and l.statement = x.id), 0)::text as booked
                  from read.bank_statements x where ${where} order by x.created_revision limit ${p.$(limit + 1)}`;
  type Row = { readonly booked: string; readonly facts: StatementFacts };
  const { revision, rows } = await readAt<Row>(sql, reached, text, 'r.created_revision', p);
  return { revision, result: rows.map(({ booked, facts }) => ({ booked, facts })) };
}

/** Lines that are for nothing yet, and those that are to go back and have not, oldest first. */
export async function selectOpenLines(
  sql: Sql,
  ledgerId: string,
  limit: number,
): Promise<At<readonly BankLineFacts[]>> {
  const p = new StatementParameters();
  const reached = reachedOf(ledgerId, p);
  const text = `select true as row_exists, x.facts, x.created_revision from read.bank_statement_lines x
                 where x.ledger_id = ${p.$(ledgerId)}
                   and (x.status = 'parked' or (x.status = 'returned' and x.facts ->> 'returnedAt' is null))
                 order by x.created_revision limit ${p.$(limit + 1)}`;
  const { revision, rows } = await readAt<{ facts: BankLineFacts }>(
    sql,
    reached,
    text,
    'r.created_revision',
    p,
  );
  return { revision, result: rows.map(({ facts }) => facts) };
}
