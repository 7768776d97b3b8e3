import { seededRandom } from '@fintech-ledger/testing';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { seedOf } from '../libs/testing/seed';
import { BooksUnderLoad } from './support/books-under-load';
import { LedgerClient } from './support/ledger-client';
import { runDistributed } from './support/running-standalone';
import type { RunningDistributed } from './support/running-standalone';

jest.setTimeout(120_000);

const seed = seedOf('CRASH_SEED');
const victims = ['relay', 'writer-1', 'projector-1', 'kafka', 'api', 'writer-2', 'projector-2'];

describe(`the distributed set under load, each of its processes killed (seed ${seed})`, () => {
  let running: RunningDistributed;
  let client: LedgerClient;

  beforeAll(async () => {
    running = await runDistributed({ LEASE_TTL_MS: '2000' }, '--writers', '2', '--projectors', '2');
    client = new LedgerClient(running.url, running.apiKey);
  });
  afterAll(async () => {
    await client?.close();
    await running?.stop();
  });

  it('books every acknowledged command once and nothing else, and the read models catch up', async () => {
    const books = await BooksUnderLoad.open(client, seededRandom(seed), { pauseMs: 10 });
    books.start();
    for (const name of victims) {
      await delay(1_500);
      process.kill(running.processes[name] ?? 0, 'SIGKILL');
    }
    await delay(3_000);
    await books.stop();
    const tookMs = await books.compare();
    console.info(
      `distributed: CRASH_SEED=${seed}, ${books.load.acknowledged} commands, read models complete ${Math.round(tookMs)} ms after the load`,
    );
    expect(books.load.acknowledged).toBeGreaterThan(20);
  });
});
