import type { At, FairTurns, PageRequest, PositionWaiter } from '@fintech-ledger/projection-runtime';
import type { OrganizationQueries } from './queries';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import { organizationStream } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import {
  decodeCursor,
  encodeCursor,
  followed,
  inTurnOf,
  pageOf,
  StatementParameters,
  reachedRevision,
  readAt,
} from '@fintech-ledger/projection-runtime';
import { readCredentials } from './read-credentials';
import * as rowsOf from './organization-rows';

/** The queries about an organization over its read model. All throw DatabaseUnavailable when Postgres is unavailable. */
export function postgresOrganizationQueries(
  db: Sql,
  waiter: Pick<PositionWaiter, 'waitFor'>,
  turns?: FairTurns,
): OrganizationQueries {
  const sqlOf = (organizationId: string): Sql => inTurnOf(turns, organizationId, db);
  const one = <R extends object, V>(organizationId: string, ...rest: OneOf<R, V>): Promise<At<V | null>> =>
    readOne(sqlOf(organizationId), organizationId, ...rest);
  const many = <R extends { readonly revision: string }, V>(
    organizationId: string,
    ...rest: ManyOf<R, V>
  ): Promise<At<Page<V>>> => readList(sqlOf(organizationId), organizationId, ...rest);
  return {
    ...followed(db, waiter, organizationStream),
    ledger: (organizationId, ledgerId) =>
      one(organizationId, 'ledgers', rowsOf.ledgerColumns, rowsOf.ledgerView, ledgerId),
    ledgers: (organizationId, page) =>
      many(organizationId, 'ledgers', rowsOf.ledgerColumns, rowsOf.ledgerView, page),
    async unit(organizationId, code) {
      const { rows } = await sqlOf(organizationId).query<rowsOf.UnitRow>(
        `select ${rowsOf.unitColumns} from read.units x where x.organization_id = $1 and x.code = $2`,
        [organizationId, code],
        'read-unit',
      );
      return rows[0] === undefined ? null : rowsOf.unitView(rows[0]);
    },
    units: (organizationId, page) => many(organizationId, 'units', rowsOf.unitColumns, rowsOf.unitView, page),
    sandbox: (organizationId, sandboxId) =>
      one(organizationId, 'sandboxes', rowsOf.sandboxColumns, rowsOf.sandboxRowView, sandboxId),
    sandboxes: (organizationId, page) =>
      many(organizationId, 'sandboxes', rowsOf.sandboxColumns, rowsOf.sandboxRowView, page),
    apiKeys: (organizationId, page) =>
      many(organizationId, 'api_keys', rowsOf.apiKeyColumns, rowsOf.apiKeyView, page),
    apiKeyCredentials: (keyId) => readCredentials(db, keyId),
  };
}

type OneOf<R, V> = [table: 'ledgers' | 'sandboxes', columns: string, view: (row: R) => V, id: string];
type ManyOf<R, V> = [
  table: 'ledgers' | 'units' | 'sandboxes' | 'api_keys',
  columns: string,
  view: (row: R) => V,
  page: PageRequest,
];

async function readOne<R extends object, V>(
  sql: Sql,
  organizationId: string,
  ...[table, columns, view, id]: OneOf<R, V>
): Promise<At<V | null>> {
  const p = new StatementParameters();
  const reached = reachedRevision(p.$(organizationStream(organizationId)), 'directory');
  const { revision, rows } = await readAt<R>(
    sql,
    reached,
    `select true as row_exists, ${columns} from read.${table} x
      where x.organization_id = ${p.$(organizationId)} and x.id = ${p.$(id)}`,
    'r.revision',
    p,
  );
  return { revision, result: rows[0] === undefined ? null : view(rows[0]) };
}

/** Newest first. @throws InvalidCursor */
async function readList<R extends { readonly revision: string }, V>(
  sql: Sql,
  organizationId: string,
  ...[table, columns, view, { limit, cursor }]: ManyOf<R, V>
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
