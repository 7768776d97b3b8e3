import { PostgresEventStore, revision } from '@fintech-ledger/event-store';
import { connectKafka, withAdmin } from '@fintech-ledger/kafka';
import { connect } from '@fintech-ledger/postgres';
import { randomJournal, testDatabase, testKafka } from '@fintech-ledger/testing';
import type { TestDatabase, TestKafka } from '@fintech-ledger/testing';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildStandalone } from './support/standalone-process';
import { auditTopic } from './support/topic-audit';
import type { RepeatedRecord, TopicAudit } from './support/topic-audit';

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

  /** By partition, the offset of the next record. */
  async function ends(): Promise<ReadonlyMap<number, number>> {
    const offsets = await withAdmin(kafka(), (admin) => admin.fetchTopicOffsets(topic)).catch(() => []);
    return new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
  }
  const records = async (): Promise<number> =>
    [...(await ends()).values()].reduce((sum, end) => sum + end, 0);

  async function untilComplete(events: number): Promise<TopicAudit> {
    for (;;) {
      const audit = await auditTopic(cluster.brokers, topic);
      if (audit.records - audit.repeated.length >= events) return audit;
      await sleep(100);
    }
  }

  it('is killed again and again, loses nothing, keeps the order, and sends hardly anything twice', async () => {
    const db = connect({ connectionString: database.url, statementTimeoutMs: 30_000 });
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
    const endsAtKills: ReadonlyMap<number, number>[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const before = await records();
      const child = start();
      while ((await records()) <= before && (await records()) < events) await sleep(10);
      await sleep(200);
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      endsAtKills.push(await ends());
    }
    await appending;
    const last = start();
    const { reached, repeated } = await untilComplete(events);
    expect(reached).toEqual(
      new Map(journals.map(({ ledgerId, recorded }) => [`journal-${ledgerId}`, recorded.length - 1])),
    );
    console.info(`the relay was killed ${kills} times: ${repeated.length} of ${events} records are repeated`);
    // Only what was on its way when it was killed can be there twice, which is one batch for each partition.
    for (const { partition, kill, pairs } of byKill(repeated, endsAtKills)) {
      const isOnItsWay = pairs.some(({ batch, firstBatch }) =>
        [batch, firstBatch].some((one) =>
          pairs.every((pair) => pair.batch === one || pair.firstBatch === one),
        ),
      );
      expect({ partition, kill, isOnItsWay }).toEqual({ partition, kill, isOnItsWay: true });
    }
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

/** Repeated records by partition and by the kill that they came after. */
function byKill(
  repeated: readonly RepeatedRecord[],
  endsAtKills: readonly ReadonlyMap<number, number>[],
): readonly {
  readonly partition: number;
  readonly kill: number;
  readonly pairs: readonly RepeatedRecord[];
}[] {
  const groups = new Map<string, { partition: number; kill: number; pairs: RepeatedRecord[] }>();
  for (const pair of repeated) {
    const { partition, offset } = pair;
    const kill = endsAtKills.filter((ends) => offset >= (ends.get(partition) ?? 0)).length;
    const group = groups.get(`${partition} ${kill}`) ?? { partition, kill, pairs: [] };
    groups.set(`${partition} ${kill}`, group);
    group.pairs.push(pair);
  }
  return [...groups.values()];
}
