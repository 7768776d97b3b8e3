import { globalPosition, revision } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import {
  connectKafka,
  encodeRecord,
  ensureTopic,
  partitionOf,
  RecordProducer,
  withAdmin,
} from '@fintech-ledger/kafka';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import {
  defineProjection,
  PoisonEvent,
  Projector,
  selectHaltedStreams,
} from '@fintech-ledger/projection-runtime';
import type { Alarm } from '@fintech-ledger/projection-runtime';
import { ScriptedFeed, testDatabase, testKafka } from '@fintech-ledger/testing';
import type { TestDatabase, TestKafka } from '@fintech-ledger/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { feedToken } from '../../port';
import { kafkaEventFeed } from './kafka-event-feed';

jest.setTimeout(120_000);

const partitions = 4;

/** Writes every event as a row, without any key that would catch a double. */
const listing = defineProjection<RecordedEvent, readonly RecordedEvent[]>({
  name: 'listing',
  version: 1,
  streamPrefixes: ['journal-'],
  mayBeRebuilt: true,
  tables: [],
  project: (seen) => seen,
  async save(sql, seen) {
    await sql.query(
      `insert into listed select * from unnest(string_to_array($1, E'\\n'), string_to_array($2, E'\\n')::bigint[])`,
      [seen.map(({ stream }) => stream).join('\n'), seen.map(({ revision: at }) => at).join('\n')],
    );
  },
  reset: async (sql) => {
    await sql.query('truncate listed');
  },
  resetStream: async (sql, stream) => {
    await sql.query('delete from listed where stream = $1', [stream]);
  },
});

describe('the Kafka feed, from a real broker', () => {
  let cluster: TestKafka;
  let database: TestDatabase;
  let db: Database;
  let topic: string;
  let producer: RecordProducer;
  let store: ScriptedFeed;
  const running: Projector<RecordedEvent>[] = [];
  const alarms: Alarm[] = [];
  const foreign: string[] = [];
  const suspended: string[] = [];
  const produced = new Map<string, number>();

  const kafka = () => connectKafka({ brokers: cluster.brokers, clientId: 'feed-test' });

  beforeAll(async () => {
    cluster = await testKafka();
  });
  beforeEach(async () => {
    database = await testDatabase();
    db = connect({ connectionString: database.url, statementTimeoutMs: 30_000 });
    await db.query('create table listed (stream text, revision bigint)');
    topic = cluster.newName();
    await ensureTopic(kafka(), { topic, partitions, replicationFactor: 1, minInSyncReplicas: 1 });
    producer = new RecordProducer(kafka(), topic, 'none');
    await producer.connect();
    store = new ScriptedFeed();
    alarms.length = 0;
    foreign.length = 0;
    suspended.length = 0;
    produced.clear();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((projector) => projector.stop()));
    await producer.close();
    await db.close();
    await database.drop();
  });

  function start(into: Database = db): Projector<RecordedEvent> {
    const projector = new Projector<RecordedEvent>({
      db: into,
      feed: kafkaEventFeed({ kafka: kafka(), topic, groupId: topic }),
      history: store,
      decode(event) {
        if (event.data === '{"poison":true}') throw new PoisonEvent(event, 'it is poisoned');
        return event;
      },
      projections: [listing],
      batchEventsMax: 100,
      observer: {
        halted: (alarm) => alarms.push(alarm),
        suspended: ({ reason }) => suspended.push(reason),
        foreign: (reason) => foreign.push(reason),
      },
    });
    running.push(projector);
    projector.start();
    return projector;
  }

  const event = (stream: string, at: number, changes: Partial<RecordedEvent> = {}): RecordedEvent => ({
    id: `${stream}-${at}`,
    type: 'Known',
    data: '{}',
    metadata: '{"version":1}',
    stream,
    revision: revision(at),
    position: globalPosition('0'),
    ...changes,
  });

  async function send(events: readonly RecordedEvent[]): Promise<void> {
    const batches = new Map<number, RecordedEvent[]>();
    for (const one of events) {
      const partition = partitionOf(one.stream, partitions);
      batches.set(partition, [...(batches.get(partition) ?? []), one]);
    }
    store.store(...events.filter((one) => one.data === '{}'));
    await producer.send(batches);
  }

  /** The next events of these ledgers, one of each in turn. */
  async function sendNext(ledgers: number, each: number): Promise<void> {
    const events: RecordedEvent[] = [];
    for (let i = 0; i < each; i += 1) {
      for (let n = 0; n < ledgers; n += 1) {
        const stream = `journal-led_${n}`;
        const at = (produced.get(stream) ?? -1) + 1;
        produced.set(stream, at);
        events.push(event(stream, at));
      }
    }
    await send(events);
  }

  async function untilListed(count: number): Promise<void> {
    for (const deadline = Date.now() + 60_000; ; await sleep(20)) {
      const { rows } = await db.query<{ count: string }>('select count(*) from listed');
      if (Number(rows[0]?.count) >= count) return;
      if (Date.now() > deadline)
        throw new Error(`${rows[0]?.count} of ${count} events; ${alarms[0]?.reason ?? ''}`);
    }
  }

  const total = (): number => [...produced.values()].reduce((sum, last) => sum + last + 1, 0);

  async function expectEachOnce(): Promise<void> {
    await untilListed(total());
    const { rows } = await db.query<{ stream: string; rows: string; distinct: string; last: string }>(
      `select stream, count(*) as rows, count(distinct revision) as distinct, max(revision) as last
         from listed group by stream`,
    );
    const found = new Map(rows.map((row) => [row.stream, Number(row.last)]));
    expect(found).toEqual(produced);
    for (const row of rows) {
      expect({ rows: row.rows, distinct: row.distinct }).toEqual({
        rows: String(Number(row.last) + 1),
        distinct: row.rows,
      });
    }
    expect(alarms).toEqual([]);
  }

  const stateOf = async () => {
    const { rows } = await db.query<{ state: string; last_error: string | null }>(
      'select state, last_error from read.projections',
    );
    return rows[0];
  };

  it('delivers each event once, skips duplicates, and goes on after a stop', async () => {
    await sendNext(8, 50);
    const first = start();
    await untilListed(total());
    await send([0, 1, 2].map((at) => event('journal-led_1', at)));
    await sendNext(8, 50);
    await untilListed(total());
    await first.stop();
    await sendNext(8, 50);
    start();
    await expectEachOnce();
    expect((await stateOf())?.state).toBe('running');
    const feed = kafkaEventFeed({ kafka: kafka(), topic, groupId: topic });
    expect(await feed.countAfter(undefined)).toBe(total() + 3);
  });

  it('reads everything again for read models that were recreated, whatever the group has committed', async () => {
    await sendNext(6, 40);
    const first = start();
    await expectEachOnce();
    await first.stop();
    await db.query('truncate listed, read.checkpoint_rows, read.projections');
    start();
    await expectEachOnce();
  });

  it('loses and doubles nothing while projectors join and leave', async () => {
    const projectors = [start()];
    const until = Date.now() + 12_000;
    const producing = (async () => {
      while (Date.now() < until) {
        await sendNext(12, 5);
        await sleep(20);
      }
    })();
    while (Date.now() < until) {
      await sleep(1_000);
      projectors.push(start());
      await sleep(1_000);
      await projectors.shift()?.stop();
    }
    await producing;
    await expectEachOnce();
  });

  it.each<[string, (stream: string) => Promise<void>, RegExp]>([
    [
      'is truncated',
      (stream) => sendRaw(stream, { ...encodeRecord(event(stream, 1)), value: '{"data":{},"metad' }),
      /event journal-led_0@1 .*: record 1 of partition \d of topic .*: its value is truncated/,
    ],
    [
      'has another key',
      (stream) => sendRaw(stream, { ...encodeRecord(event(stream, 1)), key: 'led_other' }),
      /its key is "led_other"/,
    ],
    [
      'can not be read',
      (stream) => send([event(stream, 1, { data: '{"poison":true}' })]),
      /event journal-led_0@1 \(Known, journal-led_0-1\): it is poisoned/,
    ],
  ])(
    'halts the stream of a record that %s, and no other, until the store has what can be read',
    async (_, sendBad, reason) => {
      const bad = 'journal-led_0';
      const neighbours = Array.from({ length: 40 }, (_unused, n) => `journal-led_${n + 1}`).filter(
        (stream) => partitionOf(stream, partitions) === partitionOf(bad, partitions),
      );
      // The store is as bad as the topic.
      store.store(event(bad, 1, { data: '{"poison":true}' }));
      await send([event(bad, 0)]);
      await sendBad(bad);
      await send([event(bad, 2)]);
      start();
      await send(neighbours.map((stream) => event(stream, 0)));
      while (alarms.length === 0) await sleep(20);
      await untilListed(1 + neighbours.length);
      const [first] = await selectHaltedStreams(db, { limit: 10 });
      expect(suspended.join('\n')).toMatch(reason);
      expect(first).toMatchObject({ projection: 'listing', stream: bad, revision: 1 });
      expect(await stateOf()).toMatchObject({ state: 'running' });
      // Another projector takes over, and knows.
      await running.pop()?.stop();
      start();
      await send(neighbours.map((stream) => event(stream, 1)));
      await untilListed(1 + 2 * neighbours.length);
      expect(await selectHaltedStreams(db, { limit: 10 })).toMatchObject([{ stream: bad, revision: 1 }]);
      store.store(event(bad, 1));
      await send([event(bad, 3)]);
      await untilListed(4 + 2 * neighbours.length);
      const { rows } = await db.query('select distinct revision from listed where stream = $1', [bad]);
      expect(rows).toHaveLength(4);
      expect(await selectHaltedStreams(db, { limit: 10 })).toEqual([]);
    },
  );

  it('reads a topic that was recreated from its beginning, whatever it had read of the old one', async () => {
    await sendNext(8, 30);
    start();
    await untilListed(total());
    await producer.close();
    await withAdmin(kafka(), async (admin) => {
      await admin.deleteTopics({ topics: [topic] });
      while ((await admin.listTopics()).includes(topic)) await sleep(20);
    });
    await ensureTopic(kafka(), { topic, partitions, replicationFactor: 1, minInSyncReplicas: 1 });
    producer = new RecordProducer(kafka(), topic, 'none', 0, () => ({ epoch: 1, generation: 0 }));
    await producer.connect();
    const streams = [...produced.keys()];
    await send(streams.flatMap((stream) => Array.from({ length: 30 }, (_, at) => event(stream, at))));
    await sendNext(8, 10);
    await expectEachOnce();
    const { rows } = await db.query<{ feed_token: string }>('select feed_token from read.projections');
    for (const place of Object.values(JSON.parse(rows[0]?.feed_token ?? '{}') as object))
      expect(place).toEqual([expect.any(Number), 1]);
    // It is not behind, and not ahead.
    const feed = kafkaEventFeed({ kafka: kafka(), topic, groupId: topic });
    expect(await feed.countAfter(feedToken(rows[0]?.feed_token ?? ''))).toBe(0);
  });

  it('passes over what is no event, says so, and is not behind because of it', async () => {
    await send([event('journal-led_1', 0)]);
    const projector = start();
    await untilListed(1);
    await sendRaw('journal-led_1', { value: 'hello', headers: {} });
    while (foreign.length === 0) await sleep(20);
    expect(foreign[0]).toMatch(
      /record 1 of partition \d of topic .*: it has no header stream, so it is not ours/,
    );
    const feed = kafkaEventFeed({ kafka: kafka(), topic, groupId: topic });
    const token = async () => {
      const { rows } = await db.query<{ feed_token: string }>('select feed_token from read.projections');
      return feedToken(rows[0]?.feed_token ?? '');
    };
    while ((await feed.countAfter(await token())) !== 0) await sleep(20);
    expect(projector.states().get('listing')).toEqual({ state: 'running', lastError: null });
  });

  async function sendRaw(
    stream: string,
    record: { key?: string; value: string; headers: Record<string, string> },
  ): Promise<void> {
    const raw = kafka().producer();
    await raw.connect();
    await raw.send({ topic, messages: [{ ...record, partition: partitionOf(stream, partitions) }] });
    await raw.disconnect();
  }
});
