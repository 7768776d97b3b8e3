import { Pool } from 'pg';
import type { PoolClient, PoolConfig } from 'pg';
import { clientSql } from './client-sql';
import { openSession } from './open-session';
import { runTransaction } from './run-transaction';
import { isConnectionLost, translateError } from './translate-error';
import type { ConnectOptions, Database, Sql, SqlSession } from './types';

/** How long making a connection, or waiting for a free one of the pool, may take. */
const connectTimeoutMs = 10_000;
/** The server cancels a statement that runs too long; this much later the client stops waiting for its answer. */
const cancelGraceMs = 5_000;

/** A pool of connections; none is made before it is needed, and lost ones are replaced. Never throws. */
export function connect(options: ConnectOptions): Database {
  const config = poolConfig(options);
  const pool = new Pool(config);
  // A connection that breaks while idle leaves the pool; one in use fails its statement. Both also emit this.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const sessions = new Set<SqlSession>();

  async function withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch((error: unknown) => {
      throw translateError(error, 'connecting');
    });
    const run = { broken: false };
    try {
      return await work(client);
    } catch (error) {
      run.broken = isConnectionLost(error);
      throw error;
    } finally {
      client.release(run.broken);
    }
  }

  const sql: Sql = {
    query: (text, values, name) => withClient((client) => clientSql(client).query(text, values, name)),
    copyFrom: (statement, chunks) => withClient((client) => clientSql(client).copyFrom(statement, chunks)),
  };
  return {
    ...sql,
    transaction: (work, transactionOptions = {}) =>
      withClient((client) => runTransaction(client, work, transactionOptions)),
    async session() {
      const session = await openSession(config);
      const tracked: SqlSession = {
        ...session,
        async release() {
          sessions.delete(tracked);
          await session.release();
        },
      };
      sessions.add(tracked);
      session.onLost(() => sessions.delete(tracked));
      return tracked;
    },
    async close() {
      await Promise.all([...sessions].map((session) => session.release()));
      if (!pool.ended) await pool.end();
    },
  };
}

function poolConfig(options: ConnectOptions): PoolConfig {
  const { connectionString, max = 10, applicationName, schema, statementTimeoutMs } = options;
  return {
    connectionString,
    max,
    keepAlive: true,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 60_000,
    ...(applicationName === undefined ? {} : { application_name: applicationName }),
    ...(schema === undefined ? {} : { options: `-c search_path=${schema}` }),
    ...(statementTimeoutMs === undefined
      ? {}
      : { statement_timeout: statementTimeoutMs, query_timeout: statementTimeoutMs + cancelGraceMs }),
  };
}
