import { testDatabaseUrl } from '@fintech-ledger/config';
import { startEmbeddedPostgres } from '@fintech-ledger/embedded-postgres';
import { existsSync } from 'node:fs';
import { open, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { testRunFolder } from './test-run-folder';

const startTimeoutMs = 60_000;

/**
 * The connection string of the server that all tests of a run share: TEST_DATABASE_URL, or an embedded one that the first test to ask
 * starts, without durability. It ends with the run.
 */
export async function testServer(): Promise<string> {
  const given = testDatabaseUrl();
  if (given !== undefined) return given;
  const folder = testRunFolder();
  const answer = path.join(folder, 'url');
  const isFirst = await open(path.join(folder, 'starting'), 'wx').then(
    async (handle) => handle.close().then(() => true),
    () => false,
  );
  if (isFirst) await writeAnswer(answer, await startServer(folder));
  for (const deadline = Date.now() + startTimeoutMs; Date.now() < deadline; await delay(10)) {
    if (!existsSync(answer)) continue;
    const text = await readFile(answer, 'utf8');
    if (text.startsWith('postgresql://')) return text;
    throw new Error(`the Postgres for tests did not start: ${text}`);
  }
  throw new Error('the Postgres for tests did not start in time');
}

async function startServer(folder: string): Promise<string> {
  try {
    return (
      await startEmbeddedPostgres({
        directory: path.join(folder, 'postgres'),
        durable: false,
        keepRunning: false,
      })
    ).url;
  } catch (error) {
    return String(error);
  }
}

async function writeAnswer(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
