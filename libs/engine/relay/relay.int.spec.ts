import { MemoryEventStore, revision } from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import { connectKafka, decodeRecord, ensureTopic, partitionOf, withAdmin } from '@fintech-ledger/kafka';
import { rebuildStream, selectHaltedStreams } from '@fintech-ledger/projection-runtime';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { randomJournal, startKafkaProcess, testDatabase, testKafka } from '@fintech-ledger/testing';
import type { KafkaProcess, TestDatabase, TestKafka } from '@fintech-ledger/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaTarget, Relay } from '.';
import type { RelayObserver } from '.';
import { loadCheckpoint } from './checkpoint';

jest.setTimeout(120_000);

type Found = ReturnType<typeof decodeRecord> & { readonly partition: number };

const partitions = 3;
const settings = { partitions, replicationFactor: 1, minInSyncReplicas: 1 };

describe('the relay, to a real broker', () => {
  let cluster: TestKafka;
  let database: TestDatabase;
  let db: Database;
  let store: EventStore;
  let topic: string;
  const running: Relay[] = [];

  beforeAll(async () => {
    cluster = await testKafka();
  });
  beforeEach(async () => {
    database = await testDatabase();
    db = connect({ connectionString: database.url, statementTimeoutMs: 30_000 });
    store = new MemoryEventStore();
    topic = cluster.newName();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((relay) => relay.stop()));
    await store.close();
    await db.close();
    await database.drop();
  });

  const kafka = (brokers = cluster.brokers) => connectKafka({ brokers, clientId: 'relay-test' });

  function start(
    options: { observer?: RelayObserver; brokers?: readonly string[]; partitions?: number } = {},
  ) {
    const target = kafkaTarget({
      ...settings,
      kafka: kafka(options.brokers ?? cluster.brokers),
      topic,
      compression: 'gzip',
      ...(options.partitions === undefined ? {} : { partitions: options.partitions }),
    });
    const relay = new Relay({
      store,
      db,
      target,
      streamPrefixes: ['journal-', 'org-'],
      observer: options.observer ?? {},
    });
    running.push(relay);
    relay.start();
    return relay;
  }

  async function append(ledgerId: string, commands: number): Promise<readonly RecordedEvent[]> {
    const { recorded } = randomJournal({ ledgerId, seed: 7, commands });
    for (let at = 0; at < recorded.length; at += 40) {
      const events = recorded.slice(at, at + 40);
      await store.append(`journal-${ledgerId}`, at === 0 ? 'no_stream' : revision(at - 1), events);
    }
    return recorded;
  }

  async function appendAll(events: readonly RecordedEvent[], after = -1): Promise<void> {
    const [first] = events;
    if (first === undefined) return;
    await store.append(first.stream, after === -1 ? 'no_stream' : revision(after), events);
  }

  const fill = async (ledgers: number, commands: number): Promise<number> => {
    let count = 0;
    for (let n = 1; n <= ledgers; n += 1) count += (await append(`led_${n}`, commands)).length;
    return count;
  };

  /** Every record of the topic, each partition in order. */
  async function records(brokers = cluster.brokers): Promise<readonly Found[]> {
    const client = kafka(brokers);
    const offsets = await withAdmin(client, (admin) => admin.fetchTopicOffsets(topic));
    const ends = new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
    let missing = [...ends.values()].reduce((sum, end) => sum + end, 0);
    const found: Found[] = [];
    if (missing === 0) return found;
    const consumer = client.consumer({ groupId: cluster.newName() });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          eachMessage: async ({ partition, message }) => {
            found.push({ ...decodeRecord(message), partition });
            missing -= 1;
            if (missing === 0) resolve();
          },
        })
        .catch(reject);
    });
    await consumer.disconnect();
    return found;
  }

  /** Each stream whole and in order, once duplicates are skipped. @returns how many duplicates there were */
  function expectInOrder(found: readonly Found[], events: number): number {
    const reached = new Map<string, number>();
    let firsts = 0;
    for (const { stream, revision: at, partition } of found) {
      expect(partition).toBe(partitionOf(stream, partitions));
      const last = reached.get(stream) ?? -1;
      if (at <= last) continue;
      expect(at).toBe(last + 1);
      reached.set(stream, at);
      firsts += 1;
    }
    expect(firsts).toBe(events);
    return found.length - firsts;
  }

  const takeRecordsOf = (bytes: number) =>
    withAdmin(kafka(), (admin) => {
      const configEntries = [
        { name: 'retention.ms', value: '-1' },
        { name: 'max.message.bytes', value: String(bytes) },
      ];
      return admin.alterConfigs({
        validateOnly: false,
        resources: [{ type: 2, name: topic, configEntries }],
      });
    });

  async function untilSent(relay: Relay): Promise<void> {
    const deadline = Date.now() + 60_000;
    while ((await relay.lag()) !== 0 || relay.health() !== undefined) {
      if (Date.now() > deadline) throw new Error(`the relay is at ${await relay.lag()}: ${relay.health()}`);
      await sleep(20);
    }
  }

  it('makes the topic, and sends every event once, in order, byte for byte', async () => {
    const count = await fill(5, 60);
    const relay = start();
    await untilSent(relay);
    const later = await append('led_later', 20);
    await untilSent(relay);
    const found = await records();
    expect(expectInOrder(found, count + later.length)).toBe(0);
    const ofLater = found.filter(({ stream }) => stream === 'journal-led_later');
    expect(ofLater.map(({ data, metadata, id, type }) => ({ data, metadata, id, type }))).toEqual(
      later.map(({ data, metadata, id, type }) => ({ data, metadata, id, type })),
    );
    const configs = await withAdmin(kafka(), (admin) =>
      admin.describeConfigs({ includeSynonyms: false, resources: [{ type: 2, name: topic }] }),
    );
    const values = new Map(
      configs.resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]),
    );
    expect(values.get('retention.ms')).toBe('-1');
    expect(values.get('min.insync.replicas')).toBe('1');
  });

  it('finds in the topic what it sent after its checkpoint, and does not send it again', async () => {
    await fill(3, 40);
    const first = start();
    await untilSent(first);
    await first.stop();
    const before = await loadCheckpoint(db, topic);
    for (let n = 4; n <= 6; n += 1) await append(`led_${n}`, 40);
    const second = start();
    await untilSent(second);
    await second.stop();
    // As after a crash: what was sent since was not written down.
    await db.query('update relay.checkpoints set position = $2, offsets = $3::jsonb where topic = $1', [
      topic,
      before?.position ?? '',
      JSON.stringify(Object.fromEntries([...(before?.offsets ?? [])].map(([p, o]) => [p, String(o)]))),
    ]);
    const sent = (await records()).length;
    const third = start();
    await untilSent(third);
    expect((await records()).length).toBe(sent);
    // Without any checkpoint the whole topic is read, and nothing is sent.
    await third.stop();
    await db.query('delete from relay.checkpoints');
    await untilSent(start());
    expect(expectInOrder(await records(), sent)).toBe(0);
  });

  it('lets two relays do no harm: one works, the other takes over', async () => {
    const [first, second] = [start(), start()];
    const count = await fill(4, 30);
    await untilSent(second);
    await first.stop();
    const later = await append('led_later', 30);
    await untilSent(second);
    expect(expectInOrder(await records(), count + later.length)).toBe(0);
  });

  it('halts one stream at a record that the broker refuses, also over a restart, and sends the rest once it is taken', async () => {
    const halted: string[] = [];
    const resumed: string[] = [];
    const observer: RelayObserver = {
      halted: ({ stream, reason }) => halted.push(`${stream}: ${reason}`),
      resumed: ({ stream, revision: at }) => resumed.push(`${stream}@${at}`),
    };
    const relay = start({ observer });
    await untilSent(relay);
    // The relay that runs still believes in the larger limit.
    await takeRecordsOf(20_000);
    const partition = partitionOf('journal-led_large', partitions);
    const neighbours = Array.from({ length: 30 }, (_, n) => `led_${n}`).filter(
      (id) => partitionOf(`journal-${id}`, partitions) === partition,
    );
    const [before = '', after = '', later = ''] = neighbours;
    const stream = 'journal-led_large';
    const eventAt = (n: number) =>
      eventOf(`00000000-0000-4000-8000-00000000000${n}`, n === 2 ? randomText(200_000) : 'x');
    let sent = (await append(before, 5)).length;
    await store.append(stream, 'no_stream', [1, 2, 3].map(eventAt));
    sent += (await append(after, 5)).length;
    while (halted.length === 0) await sleep(20);
    expect(halted[0]).toMatch(
      /^journal-led_large: Kafka refused event journal-led_large@1 \(AccountOpened, 0{8}-.*2\), .*raise max\.message\.bytes/,
    );
    await untilSent(relay);
    expect(relay.haltedStreams).toBe(1);
    expect(await selectHaltedStreams(db, { limit: 10 })).toMatchObject([
      { projection: `relay:${topic}`, stream, revision: 1 },
    ]);
    const revisionsOfLarge = async () =>
      (await records()).filter((event) => event.stream === stream).map(({ revision: at }) => at);
    // All others of its partition are there, and the checkpoint is beyond what is held back.
    expect(await revisionsOfLarge()).toEqual([0]);
    expectInOrder(await records(), sent + 1);
    await relay.stop();
    const again = start({ observer });
    await store.append(stream, revision(2), [eventAt(4)]);
    sent += (await append(later, 5)).length;
    await untilSent(again);
    expect(await revisionsOfLarge()).toEqual([0]);
    expectInOrder(await records(), sent + 1);
    // Nobody has to start the relay again.
    await takeRecordsOf(2_000_000);
    while (resumed.length === 0) await sleep(50);
    expect(resumed).toEqual([`${stream}@3`]);
    expect(await revisionsOfLarge()).toEqual([0, 1, 2, 3]);
    expectInOrder(await records(), sent + 4);
    expect(await selectHaltedStreams(db, { limit: 10 })).toEqual([]);
    await store.append(stream, revision(3), [eventAt(5)]);
    await untilSent(again);
    expect(await revisionsOfLarge()).toEqual([0, 1, 2, 3, 4]);
  });

  it('refuses a topic with another number of partitions', async () => {
    await fill(2, 10);
    const relay = start();
    await untilSent(relay);
    await relay.stop();
    const other = start({ partitions: 6 });
    while (!/has 3 partitions, KAFKA_PARTITIONS is 6: set it to 3/.test(other.health() ?? ''))
      await sleep(20);
  });

  it('sends everything again to a topic that was recreated, while it ran or not, and says so in each record', async () => {
    let count = await fill(3, 30);
    const made: number[] = [];
    const observer = { madeAnew: ({ epoch }: { epoch: number }) => void made.push(epoch) };
    const relay = start({ observer });
    await untilSent(relay);
    await withAdmin(kafka(), (admin) => admin.deleteTopics({ topics: [topic] }));
    while (made.length === 0) await sleep(20);
    count += (await append('led_later', 10)).length;
    await untilSent(relay);
    const found = await records();
    expect(expectInOrder(found, count)).toBe(0);
    expect(new Set(found.map(({ epoch }) => epoch))).toEqual(new Set([1]));
    await relay.stop();
    // While none ran, and somebody made the topic and wrote to it.
    await withAdmin(kafka(), (admin) => admin.deleteTopics({ topics: [topic] }));
    await sleep(1_000);
    const again = start({ observer });
    while (made.length < 2) await sleep(20);
    await untilSent(again);
    expect(expectInOrder(await records(), count)).toBe(0);
    expect(new Set((await records()).map(({ epoch }) => epoch))).toEqual(new Set([2]));
  });

  it('sends everything again to a topic that another one took the place of before it noticed', async () => {
    let count = await fill(3, 30);
    const relay = start();
    await untilSent(relay);
    await withAdmin(kafka(), async (admin) => {
      await admin.deleteTopics({ topics: [topic] });
      while ((await admin.listTopics()).includes(topic)) await sleep(20);
    });
    await ensureTopic(kafka(), { ...settings, topic });
    // Sent to the new one as if it were the old one.
    count += (await append('led_later', 10)).length;
    while ((await loadCheckpoint(db, topic))?.epoch !== 1) await sleep(20);
    await untilSent(relay);
    const found = await records();
    const whole = found.filter(({ epoch }) => epoch === 1);
    expect(expectInOrder(whole, count)).toBe(0);
  });

  it('halts a stream that was rewritten, alone, and sends what the right store has once it is back', async () => {
    const journals = [1, 2].map(
      (n) => randomJournal({ ledgerId: `led_${n}`, seed: n, commands: 20 }).recorded,
    );
    const [first = [], second = []] = journals;
    const cut = 20;
    for (const journal of journals) await appendAll(journal.slice(0, cut + 5));
    const halted: string[] = [];
    const relay = start({
      observer: { halted: ({ stream, reason }) => halted.push(`${stream}: ${reason}`) },
    });
    await untilSent(relay);
    await relay.stop();
    // The store goes back by five events of the first ledger, and eight others are booked.
    const rightStore = store;
    store = new MemoryEventStore();
    await appendAll(second.slice(0, cut + 5));
    await appendAll(first.slice(0, cut));
    const other = randomJournal({ ledgerId: 'led_1', seed: 9, commands: 60 }).recorded;
    const others = other.slice(cut, cut + 8).map((event) => ({ ...event, stream: 'journal-led_1' }));
    await store.append('journal-led_1', revision(cut - 1), others);
    await appendAll(second.slice(cut + 5, cut + 8), cut + 4);
    const next = start({ observer: { halted: ({ stream, reason }) => halted.push(`${stream}: ${reason}`) } });
    while (halted.length === 0) await sleep(20);
    expect(halted[0]).toMatch(
      new RegExp(`^journal-led_1: the journal was rewritten at ${cut + 4}.* "ledgerctl recover"$`),
    );
    await untilSent(next);
    expect(next.haltedStreams).toBe(1);
    const reached = async (stream: string) =>
      Math.max(...(await records()).filter((event) => event.stream === stream).map(({ revision: at }) => at));
    expect(await reached('journal-led_1')).toBe(cut + 4);
    expect(await reached('journal-led_2')).toBe(cut + 7);
    expect(await selectHaltedStreams(db, { limit: 10 })).toMatchObject([
      { projection: `relay:${topic}`, stream: 'journal-led_1', revision: cut + 5 },
    ]);
    await next.stop();
    await store.close();
    store = rightStore;
    await appendAll(first.slice(cut + 5), cut + 4);
    await untilSent(start());
    while ((await reached('journal-led_1')) < first.length - 1) await sleep(50);
    expect(await selectHaltedStreams(db, { limit: 10 })).toEqual([]);
  });

  it('goes on over a store that was put back beyond what was sent, and sends only what follows', async () => {
    const journal = randomJournal({ ledgerId: 'led_1', seed: 1, commands: 20 }).recorded;
    await appendAll(journal.slice(0, 30));
    const relay = start();
    await untilSent(relay);
    await relay.stop();
    await store.close();
    // All that the topic has is there again later; what comes first has positions that were given before.
    store = new MemoryEventStore();
    await appendAll(journal.slice(0, 10));
    const next = start();
    await append('led_2', 5);
    await untilSent(next);
    await appendAll(journal.slice(10), 9);
    await untilSent(next);
    const found = (await records()).filter(({ stream }) => stream === 'journal-led_1');
    expect(found.map(({ revision: at }) => at)).toEqual(journal.map(({ revision: at }) => at));
    expect((await records()).filter(({ stream }) => stream === 'journal-led_2').length).toBeGreaterThan(5);
  });

  it('sends a stream whose history was accepted again from its beginning, marked as the later one', async () => {
    const first = await append('led_1', 20);
    const relay = start();
    await untilSent(relay);
    await rebuildStream(db, [], 'journal-led_1');
    const sentAnew = async () => (await records()).filter(({ generation }) => generation === 1);
    while ((await sentAnew()).length < first.length) await sleep(50);
    expect((await sentAnew()).map(({ revision: at }) => at)).toEqual(first.map(({ revision: at }) => at));
    await relay.stop();
    await db.query('delete from relay.checkpoints');
    const sent = (await records()).length;
    const later = start();
    await append('led_2', 5);
    await untilSent(later);
    expect((await records()).filter(({ stream }) => stream === 'journal-led_1')).toHaveLength(sent);
  });

  it('resumes automatically after the broker was killed in the middle of a produce', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'fintech-ledger-kafka-'));
    let broker: KafkaProcess = await startKafkaProcess({ dataFolder: folder });
    const brokers = [broker.brokers];
    const port = Number(broker.brokers.split(':')[1]);
    try {
      let sent = 0;
      const relay = start({ brokers, observer: { sent: ({ events }) => (sent += events) } });
      let count = 0;
      let isKilled = false;
      let n = 0;
      const appending = (async () => {
        while (!isKilled) {
          n += 1;
          count += (await append(`led_${n}`, 20)).length;
          await sleep(1);
        }
      })();
      while (sent < 500) await sleep(5);
      await broker.kill();
      isKilled = true;
      await appending;
      n += 1;
      count += (await append(`led_${n}`, 20)).length;
      while (relay.health() === undefined) await sleep(20);
      broker = await startKafkaProcess({ dataFolder: folder, port });
      await untilSent(relay);
      expectInOrder(await records(brokers), count);
      await relay.stop();
    } finally {
      await Promise.all(running.splice(0).map((relay) => relay.stop()));
      await broker.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 20 });
    }
  });
});

function eventOf(id: string, name: string) {
  return { id, type: 'AccountOpened', data: JSON.stringify({ name }), metadata: '{"version":1}' };
}

/** Text that does not compress. */
function randomText(length: number): string {
  let text = '';
  for (let seed = 1; text.length < length; seed = (seed * 48_271) % 2_147_483_647) text += seed.toString(36);
  return text;
}
