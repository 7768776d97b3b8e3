import type { ClientBase } from 'pg';
import { clientSql } from './client-sql';
import type { PipelinedClient } from './client-sql';
import { DatabaseError, DatabaseUnavailable } from './errors';
import { isConnectionLost, translateError } from './translate-error';
import type { Sql, TransactionOptions } from './types';

/** BEGIN, `work`, COMMIT on one connection; see `Database.transaction` for what is thrown when. */
export async function runTransaction<T>(
  client: PipelinedClient,
  work: (sql: Sql) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  if (options.isPipelined !== true) return begun(client, work, options);
  client.pipeline = true;
  // With the answer to COMMIT or ROLLBACK nothing is under way any more.
  return begun(client, work, options).finally(() => (client.pipeline = false));
}

async function begun<T>(
  client: ClientBase,
  work: (sql: Sql) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const sql = clientSql(client);
  const result = await beforeCommit(async () => {
    await sql.query(beginStatement(options));
    try {
      return await work(sql);
    } catch (error) {
      // When the connection is gone there is nothing to roll back, and the first error is the one that tells.
      if (!isConnectionLost(error)) await client.query('rollback').catch(() => undefined);
      throw error;
    }
  });
  await commit(client);
  return result;
}

function beginStatement({ isolation, readOnly }: TransactionOptions): string {
  return `begin${isolation === undefined ? '' : ` isolation level ${isolation}`}${readOnly === true ? ' read only' : ''}`;
}

async function beforeCommit<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable) || error.outcomeKnown) throw error;
    throw new DatabaseUnavailable(error.message, true, { cause: error.cause });
  }
}

async function commit(client: ClientBase): Promise<void> {
  const { command } = await client.query('commit').catch((error: unknown) => {
    throw translateError(error, 'sent');
  });
  // COMMIT of a transaction in which a statement failed (and the caller swallowed the error) answers ROLLBACK.
  if (command !== 'COMMIT')
    throw new DatabaseError('the transaction had failed and was rolled back', '25P02');
}
