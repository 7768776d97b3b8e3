import { standingOf } from '@fintech-ledger/events';
import type { PublicEventQueries } from '@fintech-ledger/events';
import type { Sql } from '@fintech-ledger/postgres';
import { followed, inTurnOf } from '@fintech-ledger/projection-runtime';
import type { At, FairTurns, PositionWaiter } from '@fintech-ledger/projection-runtime';
import { postgresRequestOrigins } from '../trail/request-origins';
import type { RequestOrigins } from '../trail/request-origins';
import { auditLogName } from './audit-log-projection';
import { findLines } from './find-lines';
import type { FoundLine, LineFilter } from './find-lines';
import { findEarlier } from './find-earlier';
import type { Earlier } from './find-earlier';

/** The name under which the queries of the audit log are provided to handlers. */
export const auditLogQueriesPort = Symbol('AuditLogQueries');

/** What the read model knows of the audit log. */
export interface AuditLogQueries extends Pick<PublicEventQueries, 'standing' | 'haltedReason' | 'waitFor'> {
  readonly origins: RequestOrigins;
  find(organizationId: string, filter: LineFilter, count: number): Promise<At<readonly FoundLine[]>>;
  /** For each, where the event before it in its stream says what became of the same; -1: none does. */
  earlier(organizationId: string, lines: readonly Earlier[]): Promise<readonly number[]>;
  /** The names of API keys, by their ids. */
  keyNames(organizationId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** All throw DatabaseUnavailable when Postgres is unavailable. @param kept where origins are kept */
export function postgresAuditLogQueries(
  db: Sql,
  kept: Sql,
  waiter: Pick<PositionWaiter, 'waitFor'>,
  turns?: FairTurns,
): AuditLogQueries {
  const sqlOf = (organizationId: string): Sql => inTurnOf(turns, organizationId, db);
  return {
    origins: postgresRequestOrigins(kept),
    standing: (organizationId) => standingOf(sqlOf(organizationId), organizationId, auditLogName),
    ...followed(db, waiter, (stream) => stream),
    find: (organizationId, filter, count) => findLines(sqlOf(organizationId), organizationId, filter, count),
    earlier: (organizationId, lines) => findEarlier(sqlOf(organizationId), organizationId, lines),
    async keyNames(organizationId, ids) {
      if (ids.length === 0) return new Map();
      const { rows } = await sqlOf(organizationId).query<{ id: string; name: string }>(
        `select id, name from read.api_keys
          where organization_id = $1 and id = any (string_to_array($2, E'\\n'))`,
        [organizationId, ids.join('\n')],
        'names-of-api-keys',
      );
      return new Map(rows.map(({ id, name }) => [id, name]));
    },
  };
}
