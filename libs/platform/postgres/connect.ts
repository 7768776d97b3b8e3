import { Pool } from 'pg';
import type { PoolClient, PoolConfig } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientSql, copyTo } from './client-sql';
import { OpenSockets } from './open-sockets';
import { openSession } from './open-session';
import { runTransaction } from './run-transaction';
import { isConnectionLost, translateError } from './translate-error';
import type { ConnectOptions, Database, Sql, SqlSession } from './types';

/** How long making a connection, or waiting for a free one of the pool, may take. */
const connectTimeoutMs = 10_000;
/** The server cancels a statement that runs too long; this much later the client stops waiting for its answer. */
const cancelGraceMs = 5_000;
const closeMsMax = 5_000;
/** A connection that is silent for so long is asked whether there is still somebody. */
const keepAliveMs = 10_000;

/** A pool of connections; none is made before it is needed, and lost ones are replaced. Never throws. */
export function connect(options: ConnectOptions): Database {
  const sockets = new OpenSockets();
  const config = { ...poolConfig(options), stream: () => sockets.open() };
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
    copyTo: (...asked) => withClient((client) => copyTo(client, ...asked)),
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
    async close(withinMs = closeMsMax) {
      const waiting = new AbortController();
      const closing = async (): Promise<void> => {
        await Promise.all([...sessions].map((session) => session.release()));
        if (!pool.ended) await pool.end();
      };
      // What is cut off ends at once; whoever has a connection and asks it nothing is not waited for.
      const late = sleep(withinMs * 0.8, undefined, { signal: waiting.signal })
        .then(() => sockets.cut())
        .then(() => sleep(withinMs * 0.1, undefined, { signal: waiting.signal }))
        .catch(() => undefined);
      await Promise.race([closing(), late]).finally(() => waiting.abort());
    },
  };
}

function poolConfig(options: ConnectOptions): PoolConfig {
  const { connectionString, max = 10, applicationName, schema, statementTimeoutMs } = options;
  return {
    connectionString,
    max,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 60_000,
    ...(applicationName === undefined ? {} : { application_name: applicationName }),
    ...(schema === undefined ? {} : { options: `-c search_path=${schema}` }),
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + cancelGraceMs,
  };
}
