import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';

/** Opens the embedded database of a data folder from outside of the process that runs it. */
export async function openEmbedded(dataFolder: string): Promise<Database> {
  const password = (await readFile(path.join(dataFolder, 'postgres', 'password'), 'utf8')).trim();
  const run = await realpath(path.join(dataFolder, 'postgres', 'cluster', 'run'));
  return connect({
    connectionString: `postgresql://ledger:${password}@/ledger?host=${encodeURIComponent(run)}`,
    max: 1,
    statementTimeoutMs: 30_000,
  });
}

/** The process number of the Postgres that serves a data folder. */
export async function embeddedPid(dataFolder: string): Promise<number> {
  const file = path.join(dataFolder, 'postgres', 'cluster', 'data', 'postmaster.pid');
  return Number((await readFile(file, 'utf8')).split('\n')[0]);
}
