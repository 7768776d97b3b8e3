import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { tamper, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { someEvents, take } from '../../contract/contract-subject';
import { globalPosition, revision } from '../../port';
import type { RecordedEvent } from '../../port';
import { PostgresEventStore } from './postgres-event-store';

let server: TestDatabase;
let database: Database;
let store: PostgresEventStore;

beforeAll(async () => {
  server = await testDatabase();
  database = connect({ connectionString: server.url, statementTimeoutMs: 30_000 });
  store = new PostgresEventStore({ database });
});
afterAll(async () => {
  await store.close();
  await database.close();
  await server.drop();
});

async function stretch(after: number, until: number): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  const [from, to] = [globalPosition(String(after)), globalPosition(String(until))];
  for await (const batch of store.readStretch(after === 0 ? undefined : from, to, ['a', 'b']))
    events.push(...batch);
  return events;
}
const texts = ({ id, type, data, metadata, stream, revision: at, position }: RecordedEvent): object => ({
  ...{ id, type, data, metadata, stream, revision: at, position },
});

describe('a stretch of events', () => {
  it('is what a subscription gives, whatever is in it', async () => {
    const odd = [
      '{"plain":1}',
      '{"ü":"€ 😀"}',
      `{"long":"${'x'.repeat(5_000_000)}"}`,
      '{"nul":"\\u0000\\t"}',
    ];
    let at = -1;
    for (let round = 0; round < 6; round += 1) {
      const events = someEvents(3).map((event, index) => ({
        ...event,
        data: odd[(round + index) % (round === 3 ? odd.length : 2)] ?? '{}',
      }));
      for (const stream of ['a-1', 'b-1', 'c-1'])
        await store.append(
          stream,
          at < 0 ? 'no_stream' : revision(at),
          events.map((event) => ({ ...event, id: idOf(event.id, stream) })),
        );
      at += 3;
    }
    const wanted = await take(store.subscribe({ streamPrefixes: ['a', 'b'] }), 36);
    const last = Number(wanted.at(-1)?.position);
    const expected = (from: number, to: number): readonly object[] =>
      wanted.filter(({ position }) => Number(position) > from && Number(position) <= to).map(texts);
    for (const [after, until] of [
      [0, last],
      [0, 1],
      [5, 30],
      [29, last],
    ] as const) {
      const events = await stretch(after, until);
      expect(events.map(texts)).toEqual(expected(after, until));
      for (const { bytes, data, metadata } of events) {
        expect(bytes?.source.toString('utf8', bytes.dataStart, bytes.dataEnd)).toBe(data);
        expect(bytes?.source.toString('utf8', bytes.metadataStart, bytes.metadataEnd)).toBe(metadata);
      }
    }
  }, 30_000);

  it('comes in two buffers that are used again, also by the next one', async () => {
    const before = Number(await store.lastPosition());
    for (let at = 0; at < 9_000; at += 1_000)
      await store.append('a-long', at === 0 ? 'no_stream' : revision(at - 1), someEvents(1_000, at));
    const [from, to] = [globalPosition(String(before)), globalPosition(String(before + 9_000))];
    const buffers = new Set<ArrayBufferLike | undefined>();
    for (let round = 0; round < 2; round += 1) {
      let [next, batches] = [0, 0];
      for await (const batch of store.readStretch(from, to, ['a', 'b'])) {
        batches += 1;
        // What the reader does with the batch takes its time, while the next one is read.
        await new Promise((resolve) => setTimeout(resolve, 20));
        for (const event of batch) expect(event.data).toBe(`{"number":${next++}}`);
        buffers.add(batch[0]?.bytes?.source.buffer);
      }
      expect([next, batches > 2]).toEqual([9_000, true]);
    }
    expect(buffers.size).toBe(2);
  }, 30_000);

  it.each([0, 1, 2])('stops at a missing event (%i of an append)', async (missing) => {
    const stream = `b-missing-${missing}`;
    const before = Number(await store.lastPosition());
    await store.append(stream, 'no_stream', someEvents(3));
    await tamper(
      database,
      'delete from store.events where revision = $1 and stream_id = (select id from store.streams where name = $2)',
      [missing, stream],
    );
    await expect(stretch(before, before + 3)).rejects.toThrow(`damaged: stream ${stream}`);
  });
});

/** The same events in another stream have other ids. */
const idOf = (id: string, stream: string): string => `${stream.charAt(0)}${id.slice(1)}`;
