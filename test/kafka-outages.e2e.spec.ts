import { seededRandom, startKafkaProcess } from '@fintech-ledger/testing';
import type { KafkaProcess } from '@fintech-ledger/testing';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { BooksUnderLoad } from './support/books-under-load';
import { DistributedSet } from './support/distributed-set';
import { temporaryFolder } from './support/standalone-process';
import { auditTopic } from './support/topic-audit';
import { documentedFetch } from './support/documented-fetch';
import { seedOf } from '../libs/testing/seed';

const seed = seedOf('CRASH_SEED');
const unavailableMs = Number(process.env['OUTAGE_SECONDS'] ?? 10) * 1_000;

jest.setTimeout(180_000 + unavailableMs);

describe(`the distributed set while its broker is unavailable (seed ${seed})`, () => {
  const random = seededRandom(seed);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let kafka: KafkaProcess;
  let set: DistributedSet;

  beforeAll(async () => {
    folder = await temporaryFolder();
    kafka = await startKafkaProcess({ dataFolder: folder.path });
    set = await DistributedSet.start({ brokers: kafka.brokers, projectors: 2 });
  });
  afterAll(async () => {
    await set?.close();
    await kafka?.stop();
    await folder?.remove();
  });

  const startAgain = async (): Promise<void> => {
    const port = Number(kafka.brokers.split(':')[1]);
    kafka = await startKafkaProcess({ dataFolder: folder.path, port });
  };

  /** What the relay's own metrics say. */
  const unsentSeconds = async (): Promise<number> => {
    const metrics = await documentedFetch(`${set.apps.get('relay-1')?.ready['health']}/metrics`);
    return Number(/^ledger_relay_unsent_seconds(?:{.*})? (\S+)$/m.exec(await metrics.text())?.[1]);
  };

  /** Until the relay has sent all but what has just been booked. @throws Error after 60 seconds */
  const untilSending = async (): Promise<void> => {
    for (const deadline = Date.now() + 60_000; ; await delay(50)) {
      const seconds = await unsentSeconds();
      if (seconds < 1) return;
      if (Date.now() > deadline) throw new Error(`the oldest unsent event is ${seconds} s old`);
    }
  };

  it('books on without Kafka, says what it can not show, and catches up automatically', async () => {
    const books = await BooksUnderLoad.open(set.client, random, { clients: 12, pauseMs: 150 });
    const read = `/v1/ledgers/${books.ledger}/trial-balance`;
    books.start();
    await books.load.untilAcknowledged(100);
    await kafka.kill();
    const killedAt = performance.now();
    for (let rounds = 1; performance.now() - killedAt < unavailableMs; rounds += 1) {
      const { position } = await set.client.accepted<{ position: string }>(
        `/v1/ledgers/${books.ledger}/accounts`,
        { address: `without:${rounds}`, type: 'asset', currency: 'USD' },
      );
      const askedAt = performance.now();
      expect(await set.client.ask(read, position)).toMatchObject({ status: 503, code: 'read_model_behind' });
      expect(performance.now() - askedAt).toBeLessThan(7_000);
      expect(await set.client.ask(read)).toMatchObject({ status: 503, code: 'read_model_behind' });
      expect(await set.client.askWithoutWaiting(read)).toMatchObject({ status: 200 });
      const lags = (await books.projections()).map(({ lag }) => lag);
      expect(Math.max(...lags.map(({ seconds }) => seconds))).toBeGreaterThan(
        (performance.now() - killedAt) / 1_000 - 5,
      );
      expect(await unsentSeconds()).toBeGreaterThan((performance.now() - killedAt) / 1_000 - 5);
      await books.load.untilAcknowledged(100, 10_000);
    }
    expect([...books.load.answers.keys()].filter((said) => said.startsWith('5'))).toEqual([]);
    await startAgain();
    await books.load.untilAcknowledged(50);
    await books.stop();
    const tookMs = await books.compare();
    expect(await unsentSeconds()).toBe(0);
    console.info(
      `Kafka unavailable: CRASH_SEED=${seed}, ${books.load.acknowledged} commands, back with everything ${Math.round(tookMs)} ms after the load`,
    );
    const { repeated } = await auditTopic(set.brokers, set.topic);
    repeatedAtMost(repeated, 1);
  });

  it('survives restarts of the broker in the middle of a produce', async () => {
    const books = await BooksUnderLoad.open(set.client, random, { clients: 10, pauseMs: 50 });
    const freeze = async (): Promise<void> => {
      process.kill(kafka.pid, 'SIGSTOP');
      await delay(500);
    };
    const restarts: readonly (() => Promise<void>)[] = [
      // What the relay sends to a frozen broker is on its way when that is killed,
      () => freeze().then(() => kafka.kill()),
      // or is answered by it as far as it comes, while it stops in order;
      async () => {
        await freeze();
        process.kill(kafka.pid, 'SIGCONT');
        await kafka.stop();
      },
      // and at any other moment it may be stored and never answered.
      () => kafka.kill(),
    ];
    books.start();
    for (const end of restarts) {
      await books.load.untilAcknowledged(50);
      await untilSending();
      await delay(random() * 500);
      await end();
      await startAgain();
    }
    await untilSending();
    await books.stop();
    await books.compare();
    const { records, repeated } = await auditTopic(set.brokers, set.topic);
    console.info(
      `broker restarts: CRASH_SEED=${seed}, ${books.load.acknowledged} commands, ${records} records, ${repeated.length} of them repeated`,
    );
    repeatedAtMost(repeated, restarts.length);
  });
});

/** What was on its way when the broker ended so many times: each time one request for each partition. */
function repeatedAtMost(
  repeated: readonly { readonly batch: number; readonly partition: number }[],
  ends: number,
): void {
  for (const partition of new Set(repeated.map((record) => record.partition))) {
    const ofPartition = repeated.filter((record) => record.partition === partition);
    expect(new Set(ofPartition.map(({ batch }) => batch)).size).toBeLessThanOrEqual(ends);
  }
}
