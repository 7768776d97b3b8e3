import type { Sql } from '@fintech-ledger/postgres';
import { globalPosition, revision } from '../../port';
import type { RecordedEvent } from '../../port';
import { AppendFeed } from './append-feed';
import type { Range } from './read-ranges';

const appended = (first: number, last: number) => ({
  last_position: String(last + 1),
  stream_id: '1',
  first_revision: String(first),
  last_revision: String(last),
  name: 'a',
  is_wanted: true,
});

/** A store with appends to one stream, which counts how often they are looked for. */
class Store {
  looks = 0;
  readonly appends = [appended(0, 29), appended(30, 59), appended(60, 89)];

  readonly sql = {
    query: (_statement: string, values?: readonly unknown[]) => {
      const last = this.appends.at(-1)?.last_position;
      if (values === undefined) return Promise.resolve({ rows: [{ last }] });
      this.looks += 1;
      const [after, limit] = values as [number, number];
      const found = this.appends.filter((row) => Number(row.last_position) > after).slice(0, limit);
      return Promise.resolve({ rows: found.map((row) => ({ ...row, scanned: String(found.length) })) });
    },
  } as unknown as Sql;

  /** @param most events of a read, as where they are large */
  feed(most = Infinity): AppendFeed {
    const read = (_sql: Sql, ranges: readonly Range[]): Promise<readonly RecordedEvent[]> =>
      Promise.resolve(ranges.flatMap(eventsOf).slice(0, most));
    return new AppendFeed(this.sql, { streamPrefixes: ['a'], batchEventsMax: 20 }, undefined, read);
  }
}

const eventsOf = ({ stream, low, high, offset }: Range): readonly RecordedEvent[] =>
  Array.from({ length: high - low + 1 }, (_, n) => ({
    ...{ id: '', type: '', data: '', metadata: '', stream },
    revision: revision(low + n),
    position: globalPosition(String(low + n + offset)),
  }));

async function all(feed: AppendFeed): Promise<readonly number[]> {
  const revisions: number[] = [];
  for (;;) {
    const { events, more } = await feed.read();
    revisions.push(...events.map((event) => event.revision));
    if (!more) return revisions;
  }
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

describe('the feed of a store', () => {
  it.each([Infinity, 7])(
    'looks for appends once, however many reads they take (%p at once)',
    async (most) => {
      const store = new Store();
      expect(await all(store.feed(most))).toEqual(upTo(90));
      // And once more, whether anything was stored since.
      expect(store.looks).toBe(2);
    },
  );

  it('finds what was stored while it read what it had found', async () => {
    const store = new Store();
    const feed = store.feed();
    expect((await feed.read()).events).toHaveLength(20);
    store.appends.push(appended(90, 99));
    expect(await all(feed)).toEqual(upTo(100).slice(20));
  });

  it('says that all is read where nothing of what it found is left', async () => {
    const feed = new Store().feed();
    const isAll = async (): Promise<boolean> => (await feed.read()).isAll;
    expect([await isAll(), await isAll(), await isAll(), await isAll(), await isAll()]).toEqual([
      ...[false, false, false, false, true],
    ]);
    expect(feed.position).toBe('90');
  });

  it('looks again where events could not be read', async () => {
    const store = new Store();
    let fails = false;
    const feed = new AppendFeed(
      store.sql,
      { streamPrefixes: ['a'], batchEventsMax: 20 },
      undefined,
      (_, of) => (fails ? Promise.reject(new Error('unavailable')) : Promise.resolve(of.flatMap(eventsOf))),
    );
    await feed.read();
    fails = true;
    await expect(feed.read()).rejects.toThrow('unavailable');
    fails = false;
    expect(await all(feed)).toEqual(upTo(90).slice(20));
    expect(store.looks).toBe(3);
  });
});
