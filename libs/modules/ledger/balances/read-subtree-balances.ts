import type { At, PageRequest } from '@fintech-ledger/projection-runtime';
import type { SubtreeBalanceView } from '../views/balance';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import type { Sql } from '@fintech-ledger/postgres';
import type { TotalsRow } from './balance-view';
import {
  decodeCursor,
  encodeCursor,
  pageOf,
  StatementParameters,
  reachedRevision,
} from '@fintech-ledger/projection-runtime';
import { addressRange } from '../accounts/read-model/filters';
import type { LedgerScope } from '../read-model/keys';
import { RowFaults } from '../read-model/row-faults';
import { readSound } from '../read-model/sound-rows';
import type { FaultyRow } from '../read-model/sound-rows';

interface SubtreeRow extends TotalsRow, FaultyRow {
  readonly prefix: string;
  readonly currency: string;
  readonly accounts: string;
}

const kind = 'subtree';
/** So many accounts of a sum are held against their entries; the trial balance, which is watched, finds the others. */
const heldMax = 100;

/**
 * Sums per currency of all accounts whose address starts with a prefix, grouped by their first `groupBySegments`
 * segments (or all together), in the order of the groups.
 * @throws InvalidCursor @throws ReadModelInconsistent
 */
export async function readSubtreeBalances(
  sql: Sql,
  scope: LedgerScope,
  { prefix, groupBySegments }: { readonly prefix: string; readonly groupBySegments?: number },
  { limit, cursor }: PageRequest,
): Promise<At<Page<SubtreeBalanceView>>> {
  const p = new StatementParameters();
  const reached = reachedRevision(p.$(scope.stream), 'accounts');
  const where = [`a.ledger_key = ${p.$(scope.ledgerKey)}`, addressRange('a.address', prefix, p)];
  const group =
    groupBySegments === undefined
      ? `${p.$(prefix)}::text`
      : `array_to_string((string_to_array(a.address, ':'))[1:${p.$(groupBySegments)}::int], ':')`;
  let having = 'true';
  if (cursor !== undefined) {
    const [lastGroup = '', lastCurrency = ''] = decodeCursor(kind, ['string', 'string'], cursor);
    const group$ = p.$(lastGroup);
    // A group's addresses all start with it, so none of a later group sorts before this one.
    where.push(`a.address >= ${group$}`);
    having = `(g.prefix, g.currency) > (${group$}, ${p.$(lastCurrency)})`;
  }
  const { revision, rows } = await readSound<SubtreeRow>(
    sql,
    scope,
    reached,
    `select true as row_exists, g.* from (
       select ${group} collate "C" as prefix, a.currency, count(*) as accounts,
              min(case when a.number <= ${heldMax} then ${new RowFaults(scope, p).account()} end) as fault,
              sum(a.posted_debits) as posted_debits, sum(a.posted_credits) as posted_credits,
              sum(a.pending_debits) as pending_debits, sum(a.pending_credits) as pending_credits
         from (select a.*, row_number() over () as number
                 from read.accounts a where ${where.join(' and ')}) a group by 1, 2) g
      where ${having} order by g.prefix, g.currency limit ${p.$(limit + 1)}`,
    'r.prefix, r.currency',
    p,
  );
  return {
    revision,
    result: pageOf(rows, limit, subtreeView, (row) => encodeCursor(kind, [row.prefix, row.currency])),
  };
}

const subtreeView = (row: SubtreeRow): SubtreeBalanceView => ({
  prefix: row.prefix,
  currency: row.currency,
  accounts: Number(row.accounts),
  posted: { debits: row.posted_debits, credits: row.posted_credits },
  pending: { debits: row.pending_debits, credits: row.pending_credits },
});
