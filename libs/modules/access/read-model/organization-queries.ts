import { isoTimeOrNull } from '@fintech-ledger/contract';
import type { At, FairTurns, PageRequest, PositionWaiter } from '@fintech-ledger/projection-runtime';
import type { OrganizationQueries, RecordedApiKey } from './queries';
import type { LedgerView } from '@fintech-ledger/access/domain';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import { organizationStream } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import {
  decodeCursor,
  encodeCursor,
  HaltedOwners,
  inTurnOf,
  pageOf,
  StatementParameters,
  reachedRevision,
  readAt,
} from '@fintech-ledger/projection-runtime';
import * as rowsOf from './organization-rows';

/** The queries about an organization over its read model. All throw DatabaseUnavailable when Postgres is unavailable. */
export function postgresOrganizationQueries(
  db: Sql,
  waiter: Pick<PositionWaiter, 'waitFor'>,
  turns?: FairTurns,
): OrganizationQueries {
  const halted = new HaltedOwners(db);
  const sqlOf = (organizationId: string): Sql => inTurnOf(turns, organizationId, db);
  return {
    haltedReason: (organizationId) => halted.reasonOf(organizationStream(organizationId)),
    waitFor: (organizationId, revision, timeoutMs) =>
      waiter.waitFor(organizationStream(organizationId), revision, timeoutMs),
    ledger: (organizationId, ledgerId) => readLedger(sqlOf(organizationId), organizationId, ledgerId),
    ledgers: (organizationId, page) =>
      readList(
        sqlOf(organizationId),
        organizationId,
        'ledgers',
        rowsOf.ledgerColumns,
        rowsOf.ledgerView,
        page,
      ),
    async unit(organizationId, code) {
      const { rows } = await sqlOf(organizationId).query<rowsOf.UnitRow>(
        `select ${rowsOf.unitColumns} from read.units x where x.organization_id = $1 and x.code = $2`,
        [organizationId, code],
        'read-unit',
      );
      return rows[0] === undefined ? null : rowsOf.unitView(rows[0]);
    },
    units: (organizationId, page) =>
      readList(sqlOf(organizationId), organizationId, 'units', rowsOf.unitColumns, rowsOf.unitView, page),
    apiKeys: (organizationId, page) =>
      readList(
        sqlOf(organizationId),
        organizationId,
        'api_keys',
        rowsOf.apiKeyColumns,
        rowsOf.apiKeyView,
        page,
      ),
    apiKeyCredentials: (keyId) => readCredentials(db, keyId),
  };
}

async function readLedger(
  sql: Sql,
  organizationId: string,
  ledgerId: string,
): Promise<At<LedgerView | null>> {
  const p = new StatementParameters();
  const reached = reachedRevision(p.$(organizationStream(organizationId)), 'directory');
  const { revision, rows } = await readAt<rowsOf.LedgerRow>(
    sql,
    reached,
    `select true as row_exists, ${rowsOf.ledgerColumns} from read.ledgers x
      where x.organization_id = ${p.$(organizationId)} and x.id = ${p.$(ledgerId)}`,
    'r.revision',
    p,
  );
  return { revision, result: rows[0] === undefined ? null : rowsOf.ledgerView(rows[0]) };
}

/** Newest first. @throws InvalidCursor */
async function readList<R extends { readonly revision: string }, V>(
  sql: Sql,
  organizationId: string,
  table: 'ledgers' | 'units' | 'api_keys',
  columns: string,
  view: (row: R) => V,
  { limit, cursor }: PageRequest,
): Promise<At<Page<V>>> {
  const p = new StatementParameters();
  const reached = reachedRevision(p.$(organizationStream(organizationId)), 'directory');
  const where = [`x.organization_id = ${p.$(organizationId)}`];
  if (cursor !== undefined) {
    const [before = 0] = decodeCursor(table, ['number'], cursor);
    where.push(`x.revision < ${p.$(before)}`);
  }
  const { revision, rows } = await readAt<R>(
    sql,
    reached,
    `select true as row_exists, ${columns} from read.${table} x
      where ${where.join(' and ')} order by x.revision desc limit ${p.$(limit + 1)}`,
    'r.revision desc',
    p,
  );
  return {
    revision,
    result: pageOf(rows, limit, view, (row) => encodeCursor(table, [Number(row.revision)])),
  };
}

async function readCredentials(sql: Sql, keyId: string): Promise<RecordedApiKey | null> {
  const { rows } = await sql.query<{
    organization_id: string;
    hmac: string;
    scopes: readonly string[];
    revoked_ms: string | null;
  }>(
    `select organization_id, hmac, scopes, revoked_ms from read.api_keys where id = $1`,
    [keyId],
    'read-api-key-credentials',
  );
  const row = rows[0];
  if (row === undefined) return null;
  return {
    keyId,
    organizationId: row.organization_id,
    hmac: row.hmac,
    scopes: row.scopes,
    revokedAt: isoTimeOrNull(row.revoked_ms),
  };
}
