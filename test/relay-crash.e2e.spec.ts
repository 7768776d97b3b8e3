import { PostgresEventStore, revision } from '@fintech-ledger/event-store';
import { connectKafka, decodeRecord, withAdmin } from '@fintech-ledger/kafka';
import { connect } from '@fintech-ledger/postgres';
import { randomJournal, testDatabase, testKafka } from '@fintech-ledger/testing';
import type { TestDatabase, TestKafka } from '@fintech-ledger/testing';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildStandalone } from './support/standalone-process';

jest.setTimeout(120_000);

const main = path.resolve(__dirname, '../dist/apps/relay/src/main.js');
const kills = 5;

describe('the process of the relay', () => {
  let cluster: TestKafka;
  let database: TestDatabase;
  let topic: string;
  let relay: ChildProcess | undefined;

  beforeAll(async () => {
    buildStandalone();
    [cluster, database] = await Promise.all([testKafka(), testDatabase()]);
    topic = cluster.newName();
  });
  afterAll(async () => {
    relay?.kill('SIGKILL');
    await database?.drop();
  });

  const kafka = () => connectKafka({ brokers: cluster.brokers, clientId: 'crash-test' });

  function start(): ChildProcess {
    const environment = {
      DATABASE_URL: database.url,
      KAFKA_BROKERS: cluster.brokers.join(','),
      KAFKA_TOPIC: topic,
      KAFKA_PARTITIONS: '3',
      HEALTH_PORT: '0',
      LOG_LEVEL: 'warn',
    };
    relay = spawn(process.execPath, [main], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return relay;
  }

  async function records(): Promise<number> {
    const offsets = await withAdmin(kafka(), (admin) => admin.fetchTopicOffsets(topic)).catch(() => []);
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  }

  it('is killed again and again, loses nothing, keeps the order, and sends hardly anything twice', async () => {
    const db = connect({ connectionString: database.url });
    const store = new PostgresEventStore({ database: db });
    const journals = Array.from({ length: 8 }, (_, n) =>
      randomJournal({ ledgerId: `led_${n}`, seed: n + 1, commands: 400 }),
    );
    const events = journals.reduce((sum, { recorded }) => sum + recorded.length, 0);
    const appending = (async () => {
      for (let at = 0; at < 800; at += 25) {
        for (const { ledgerId, recorded } of journals) {
          const batch = recorded.slice(at, at + 25);
          if (batch.length > 0)
            await store.append(`journal-${ledgerId}`, at === 0 ? 'no_stream' : revision(at - 1), batch);
        }
        await sleep(100);
      }
    })();
    for (let kill = 0; kill < kills; kill += 1) {
      const before = await records();
      const child = start();
      while ((await records()) <= before && (await records()) < events) await sleep(10);
      await sleep(200);
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    await appending;
    const last = start();
    const reached = new Map<string, number>();
    let doubles = 0;
    let count = 0;
    const consumer = kafka().consumer({ groupId: topic });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const eachMessage = async ({ message }: { message: Parameters<typeof decodeRecord>[0] }) => {
        const { stream, revision: at } = decodeRecord(message);
        const previous = reached.get(stream) ?? -1;
        if (at > previous + 1) reject(new Error(`${stream}: ${at} came after ${previous}`));
        if (at <= previous) doubles += 1;
        else reached.set(stream, at);
        if (at > previous) count += 1;
        if (count === events) resolve();
      };
      consumer.run({ eachMessage }).catch(reject);
    });
    await consumer.disconnect();
    expect(reached).toEqual(
      new Map(journals.map(({ ledgerId, recorded }) => [`journal-${ledgerId}`, recorded.length - 1])),
    );
    // Only what was on its way when it was killed can be there twice.
    expect(doubles).toBeLessThanOrEqual(kills * 25 * journals.length);
    // It is at work only when it has relayed something itself: before that, a signal ends it as any program that is still loading.
    const before = await records();
    const { recorded } = randomJournal({ ledgerId: 'led_late', seed: 99, commands: 5 });
    await store.append('journal-led_late', 'no_stream', recorded);
    while ((await records()) <= before) await sleep(10);
    const ended = once(last, 'exit');
    last.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    await store.close();
    await db.close();
  });
});
