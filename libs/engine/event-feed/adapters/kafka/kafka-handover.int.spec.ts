import { globalPosition, revision } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { connectKafka, ensureTopic, RecordProducer, withAdmin } from '@fintech-ledger/kafka';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { defineProjection, Projector } from '@fintech-ledger/projection-runtime';
import { ScriptedFeed, testDatabase, testKafka } from '@fintech-ledger/testing';
import type { TestDatabase, TestKafka } from '@fintech-ledger/testing';
import type { Consumer, Kafka } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { feedToken } from '../../port';
import { kafkaEventFeed } from './kafka-event-feed';

jest.setTimeout(120_000);

const stream = (n: number): string => `journal-led_${n}`;

/** Writes every event as a row of a table that is called like the projection. */
const listing = (name: string) =>
  defineProjection<RecordedEvent, readonly RecordedEvent[]>({
    name,
    version: 1,
    streamPrefixes: ['journal-'],
    mayBeRebuilt: true,
    tables: [],
    project: (seen) => seen,
    async save(sql, seen) {
      await sql.query(`insert into ${name} select unnest(string_to_array($1, E'\\n'))`, [
        seen.map(({ stream: of, revision: at }) => `${of}@${at}`).join('\n'),
      ]);
    },
    reset: async (sql) => {
      await sql.query(`truncate ${name}`);
    },
    resetStream: async (sql, of) => {
      await sql.query(`delete from ${name} where event like $1 || '@%'`, [of]);
    },
  });

describe('a partition that changes hands, from a real broker', () => {
  let cluster: TestKafka;
  let database: TestDatabase;
  let db: Database;
  let topic: string;
  let producer: RecordProducer;
  const store = new ScriptedFeed();
  const running: Projector<RecordedEvent>[] = [];

  const kafka = (clientId = 'handover-test') => connectKafka({ brokers: cluster.brokers, clientId });

  beforeAll(async () => {
    cluster = await testKafka();
  });
  beforeEach(async () => {
    database = await testDatabase();
    db = connect({ connectionString: database.url, statementTimeoutMs: 30_000 });
    await db.query('create table listed (event text)');
    await db.query('create table listed_later (event text)');
    topic = cluster.newName();
    await ensureTopic(kafka(), { topic, partitions: 1, replicationFactor: 1, minInSyncReplicas: 1 });
    producer = new RecordProducer(kafka(), topic, 'none');
    await producer.connect();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((projector) => projector.stop()));
    await producer.close();
    await db.close();
    await database.drop();
  });

  /** The partition is that of whose name is first. */
  function start(clientId: string, ...names: readonly string[]): Projector<RecordedEvent> {
    const projector = new Projector<RecordedEvent>({
      db,
      feed: kafkaEventFeed({ kafka: kafka(clientId), topic, groupId: topic }),
      history: store,
      decode: (event) => event,
      projections: names.map(listing),
    });
    running.push(projector);
    projector.start();
    return projector;
  }

  async function send(of: string): Promise<void> {
    const events = [0, 1, 2].map((at) => ({
      id: `${of}-${at}`,
      type: 'Known',
      data: '{}',
      metadata: '{"version":1}',
      stream: of,
      revision: revision(at),
      position: globalPosition('0'),
    }));
    store.store(...events);
    await producer.send(new Map([[0, events]]));
  }

  const eventsOf = (...streams: readonly string[]): readonly string[] =>
    streams.flatMap((of) => [0, 1, 2].map((at) => `${of}@${at}`));

  async function listed(table: string): Promise<readonly string[]> {
    const { rows } = await db.query<{ event: string }>(`select event from ${table} order by event`);
    return rows.map(({ event }) => event);
  }

  async function untilListed(table: string, count: number): Promise<void> {
    for (const deadline = Date.now() + 40_000; (await listed(table)).length < count; await sleep(20))
      if (Date.now() > deadline) return;
  }

  it('is read again from where each read model stands, which the other process may not have had', async () => {
    start('b', 'listed', 'listed_later');
    await send(stream(1));
    await untilListed('listed_later', 3);
    const before = start('a', 'listed');
    for (let waited = 0; !(await isWithA()) && waited < 400; waited += 1) await sleep(50);
    await send(stream(2));
    await untilListed('listed', 6);
    expect(await listed('listed_later')).toEqual(eventsOf(stream(1)));
    await before.stop();
    await send(stream(3));
    await untilListed('listed_later', 9);
    for (const table of ['listed', 'listed_later'])
      expect(await listed(table)).toEqual(eventsOf(stream(1), stream(2), stream(3)));
  });

  async function isWithA(): Promise<boolean> {
    const { groups } = await withAdmin(kafka(), (admin) => admin.describeGroups([topic]));
    const [group] = groups;
    return group?.state === 'Stable' && group.members.length === 2;
  }

  /** The client, whose consumers are told to read a partition again when they are about to hand over its first batch. */
  function readingAgain(): Kafka {
    const client = kafka();
    let isToldAlready = false;
    return Object.assign(Object.create(client) as Kafka, {
      consumer(...options: Parameters<Kafka['consumer']>): Consumer {
        const consumer = client.consumer(...options);
        return {
          ...consumer,
          run: (config) =>
            consumer.run({
              ...config,
              async eachBatch(payload) {
                if (!isToldAlready) consumer.seek({ topic, partition: 0, offset: '0' });
                isToldAlready = true;
                await config?.eachBatch?.(payload);
              },
            }),
        };
      },
    });
  }

  const committed = async (): Promise<string | undefined> => {
    const found = await withAdmin(kafka(), (admin) =>
      admin.fetchOffsets({ groupId: topic, topics: [topic] }),
    );
    return found[0]?.partitions[0]?.offset;
  };

  it('has an offset committed of nothing that was not handed over, and of what was written', async () => {
    await send(stream(1));
    const feed = kafkaEventFeed({ kafka: readingAgain(), topic, groupId: topic });
    const reader = feed.open({
      streamPrefixes: ['journal-'],
      reached: () => Promise.resolve(feedToken('{}')),
    });
    for await (const { events, token } of reader) {
      expect(events).toHaveLength(3);
      expect(await committed()).toBe('-1');
      await reader.acknowledge(token);
      break;
    }
    for (let waited = 0; (await committed()) !== '3' && waited < 100; waited += 1) await sleep(50);
    expect(await committed()).toBe('3');
    await reader.close();
  });

  it('is kept, and nothing of it is read, while nobody can tell where the read models stand', async () => {
    await send(stream(1));
    const warnings: string[] = [];
    let asked = 0;
    const feed = kafkaEventFeed({
      kafka: kafka(),
      topic,
      groupId: topic,
      onWarning: (message) => void warnings.push(message),
    });
    const reader = feed.open({
      streamPrefixes: ['journal-'],
      async reached() {
        asked += 1;
        if (asked < 3) throw new Error('connect ECONNREFUSED');
        return Promise.resolve(feedToken('{}'));
      },
    });
    for await (const { events } of reader) {
      expect(events).toHaveLength(3);
      break;
    }
    expect(asked).toBe(3);
    expect(warnings).toEqual(Array(2).fill('where to begin in the topic is asked again'));
    await reader.close();
  });

  /** The client, whose first consumer can be ended as a crash ends it: kafkajs has left the group by then. */
  function crashing(): { readonly client: Kafka; crash(): Promise<void> } {
    const client = kafka();
    let crash: (() => Promise<void>) | undefined;
    const made = Object.assign(Object.create(client) as Kafka, {
      consumer(...options: Parameters<Kafka['consumer']>): Consumer {
        const consumer = client.consumer(...options);
        if (crash !== undefined) return consumer;
        let tell = (_event: { payload: { error: Error } }): void => undefined;
        crash = async () => {
          await consumer.disconnect();
          tell({ payload: { error: new Error('it crashed') } });
        };
        const on = (name: string, listener: typeof tell): unknown => {
          if (name === 'consumer.crash') tell = listener;
          return (consumer.on as (...given: unknown[]) => unknown)(name, listener);
        };
        return { ...consumer, on: on as Consumer['on'] };
      },
    });
    return { client: made, crash: async () => crash?.() };
  }

  it('is given to the next consumer when the one that was asking where to begin has crashed', async () => {
    await send(stream(1));
    const { client, crash } = crashing();
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    let asked = 0;
    const feed = kafkaEventFeed({ kafka: client, topic, groupId: topic });
    const reader = feed.open({
      streamPrefixes: ['journal-'],
      async reached() {
        asked += 1;
        if (asked === 1) await crash();
        return feedToken('{}');
      },
    });
    for await (const { events } of reader) {
      expect(events).toHaveLength(3);
      break;
    }
    expect(asked).toBe(2);
    expect(unhandled).toEqual([]);
    process.off('unhandledRejection', note);
    await reader.close();
  });
});
