import { connect } from '@fintech-ledger/postgres';
import type { Database, Sql } from '@fintech-ledger/postgres';

/**
 * A pool of at most `max` connections for one purpose, which the server shows as the connection's application name. A statement is
 * given 30 seconds, unless it is told otherwise.
 */
export function openPool(
  connectionString: string,
  purpose: string,
  max: number,
  statementTimeoutMs = 30_000,
): Database {
  return connect({
    connectionString,
    max,
    applicationName: `fintech-ledger-${purpose}`,
    statementTimeoutMs,
  });
}

/** Whether it answers. @throws DatabaseUnavailable it does not */
export async function databaseProblem(database: Sql): Promise<undefined> {
  await database.query('select 1');
}
