import { journalStream, organizationStream } from '@fintech-ledger/envelope';
import type { LedgerTransferFacts } from '@fintech-ledger/ledger-transfers/domain';
import type { Sql } from '@fintech-ledger/postgres';
import {
  decodeCursor,
  encodeCursor,
  ObjectStates,
  pageOf,
  reachedRevision,
  readAt,
  StatementParameters,
  within,
  withMetadata,
} from '@fintech-ledger/projection-runtime';
import type { At, PageRequest, PositionWaiter } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import { ledgerTransfersProjectionName } from './ledger-transfers-projection';
import type { LedgerTransferQueries, StoredTransfer, TransferFilter } from './queries';
import { haltedLedger, standingOfAll, transferStanding } from './standing';

interface Row {
  readonly ledger_id: string;
  readonly revision: string;
  readonly created_ms: string;
  readonly id: string;
  readonly facts: LedgerTransferFacts;
}

/** Reads what the projection wrote. */
export function postgresLedgerTransferQueries(
  sql: Sql,
  waiter: Pick<PositionWaiter, 'waitFor'>,
): LedgerTransferQueries {
  const states = new ObjectStates<LedgerTransferFacts>(sql, {
    states: 'ledger_transfer_states',
    history: 'ledger_transfer_history',
    reached: (ledgerId, p) => reachedRevision(p.$(journalStream(ledgerId)), ledgerTransfersProjectionName),
  });
  return {
    ledgerOf: (organizationId, id) => ledgerOf(sql, organizationId, id),
    transfer: (ledgerId, id, asOf) => states.object(ledgerId, id, asOf),
    transfers: (organizationId, filter, page) => transfers(sql, organizationId, filter, page),
    history: (ledgerId, id, page) => states.history(ledgerId, id, page),
    standing: (organizationId, ledgerIds) => transferStanding(sql, organizationId, ledgerIds),
    standingOfAll: (organizationId) => standingOfAll(sql, organizationId),
    haltedLedger: (organizationId) => haltedLedger(sql, organizationId),
    waitFor: (stream, revision, timeoutMs) => waiter.waitFor(stream, revision, timeoutMs),
  };
}

const stored = ({ facts, ledger_id: ledgerId, revision }: Row): StoredTransfer => ({
  facts,
  ledgerId,
  revision: Number(revision),
});
async function ledgerOf(sql: Sql, organizationId: string, id: string): Promise<string | undefined> {
  const { rows } = await sql.query<Pick<Row, 'ledger_id'>>(
    'select ledger_id from read.ledger_transfers where id = $1 and organization_id = $2',
    [id, organizationId],
  );
  return rows[0]?.ledger_id;
}

const cursorKind = 'ledger_transfers';

async function transfers(
  sql: Sql,
  organizationId: string,
  filter: TransferFilter,
  { limit, cursor }: PageRequest,
): Promise<At<PageOf<StoredTransfer>>> {
  const p = new StatementParameters();
  const reached = reachedRevision(p.$(organizationStream(organizationId)), 'directory');
  const where = [`x.organization_id = ${p.$(organizationId)}`, ...conditions(filter, p)];
  if (cursor !== undefined) {
    const [ms = 0, id = ''] = decodeCursor(cursorKind, ['number', 'string'], cursor);
    where.push(`(x.created_ms, x.id) < (${p.$(ms)}, ${p.$(id)})`);
  }
  const text = `select true as row_exists, x.ledger_id, x.id, x.revision, x.created_ms, x.facts
                  from read.ledger_transfers x
                 where ${where.join(' and ')} order by x.created_ms desc, x.id desc limit ${p.$(limit + 1)}`;
  const { revision, rows } = await readAt<Row>(sql, reached, text, 'r.created_ms desc, r.id desc', p);
  const cursorOf = (row: Row): string => encodeCursor(cursorKind, [Number(row.created_ms), row.id]);
  return { revision, result: pageOf(rows, limit, stored, cursorOf) };
}

function conditions(filter: TransferFilter, p: StatementParameters): readonly string[] {
  const { currency, fromLedger, metadata, status, toLedger } = filter;
  return [
    ...(status === undefined ? [] : [`x.status = ${p.$(status)}`]),
    ...(currency === undefined ? [] : [`x.currency = ${p.$(currency)}`]),
    ...(fromLedger === undefined ? [] : [`x.ledger_id = ${p.$(fromLedger)}`]),
    ...(toLedger === undefined ? [] : [`x.to_ledger_id = ${p.$(toLedger)}`]),
    ...within(filter, p, 'x.created_ms'),
    ...withMetadata(metadata, p),
  ];
}
