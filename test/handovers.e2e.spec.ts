import { seededRandom } from '@fintech-ledger/testing';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import type { AppProcess } from './support/app-process';
import { BooksUnderLoad } from './support/books-under-load';
import { DistributedSet } from './support/distributed-set';
import { auditTopic } from './support/topic-audit';
import { seedOf } from '../libs/testing/seed';

const seed = seedOf('CRASH_SEED');
const stormMs = Number(process.env['HANDOVER_SECONDS'] ?? 30) * 1_000;
const everyMs = 2_000;
/** At work at once, before one of them has to go. */
const projectorsMax = 3;

jest.setTimeout(120_000 + stormMs);

describe(`projectors that come and go under load (seed ${seed})`, () => {
  let set: DistributedSet;

  beforeAll(async () => {
    set = await DistributedSet.start({ projectors: 2 });
  });
  afterAll(() => set?.close());

  it('lose nothing and double nothing while one joins and one leaves every two seconds', async () => {
    const books = await BooksUnderLoad.open(set.client, seededRandom(seed), {
      clients: 12,
      pauseMs: 150,
    });
    const waiting: [string, AppProcess][] = [...set.apps].filter(([name]) => name.startsWith('projector'));
    const killed: Promise<void>[] = [];
    const stopped: Promise<number | null>[] = [];
    const before = waiting.length;
    let joined = before;
    books.start();
    for (const until = performance.now() + stormMs; performance.now() < until;) {
      const next = delay(everyMs);
      joined += 1;
      const name = `projector-${joined}`;
      waiting.push([name, await set.add(name)]);
      while (waiting.length > projectorsMax - 1) {
        const [leaving, app] = waiting.shift() ?? [];
        if (leaving === undefined || app === undefined) break;
        set.apps.delete(leaving);
        if (joined % 2 === 0) killed.push(app.kill());
        else stopped.push(app.stop());
      }
      await next;
    }
    expect(joined - before).toBeGreaterThan(stormMs / everyMs / 6);
    // Who was asked to leave does so in order, also in the middle of a rebalance.
    await Promise.all(killed);
    expect(await Promise.all(stopped)).toEqual(stopped.map(() => 0));
    await books.stop();
    const tookMs = await books.compare();
    console.info(
      `rebalance storm: CRASH_SEED=${seed}, ${joined - before} projectors joined, ${books.load.acknowledged} commands, back with everything ${Math.round(tookMs)} ms after the load`,
    );
    expect((await auditTopic(set.brokers, set.topic)).repeated).toEqual([]);
  });
});
