import { globalPosition, readBytesMax, revision } from '@fintech-ledger/event-store';
import type { ReadOptions, RecordedEvent } from '@fintech-ledger/event-store';
import type { FoundPlace } from '../read-model/find-events';
import { readPlaces } from './read-places';

const place = (stream: string, at: number, type = 'transaction.posted'): FoundPlace => ({
  stream,
  revision: at,
  type,
  recordedMs: 0,
  streamKey: 0,
});

/** A store whose streams have `last + 1` events of so many bytes; it says how it was asked. */
function storeOf(last: number, bytes = 1, pageEvents = Infinity) {
  const asked: string[] = [];
  const readStream = (stream: string, { from, limit }: ReadOptions): Promise<readonly RecordedEvent[]> => {
    asked.push(`${stream}@${from} ${limit}`);
    const events: RecordedEvent[] = [];
    for (
      let at = Math.min(from ?? last, last);
      at >= 0 && events.length < Math.min(limit, pageEvents);
      at -= 1
    )
      events.push({
        id: `${at}`,
        type: 'X',
        stream,
        revision: revision(at),
        position: globalPosition('0'),
        data: 'x'.repeat(bytes),
        metadata: '',
      });
    return Promise.resolve(events.filter((event) => event.revision > (from ?? last) - limit));
  };
  return { asked, readStream };
}
const seen = (read: Awaited<ReturnType<typeof readPlaces>>) =>
  read.map(({ place: { stream, revision: at }, event }) => [stream, at, event?.revision]);

describe('reading the events at places', () => {
  it('reads those that follow one another at once', async () => {
    const store = storeOf(9);
    const places = [place('a', 7), place('a', 6), place('a', 6, 'more'), place('b', 2), place('a', 5)];
    expect(seen(await readPlaces(store, places))).toEqual([
      ['a', 7, 7],
      ['a', 6, 6],
      ['a', 6, 6],
      ['b', 2, 2],
      ['a', 5, 5],
    ]);
    expect(store.asked).toEqual(['a@7 2', 'b@2 1', 'a@5 1']);
  });

  it('goes on where a page of the store ended', async () => {
    const store = storeOf(9, 1, 2);
    const places = [9, 8, 7, 6, 5].map((at) => place('a', at));
    expect(seen(await readPlaces(store, places)).map(([, at]) => at)).toEqual([9, 8, 7, 6, 5]);
    expect(store.asked).toEqual(['a@9 5', 'a@7 3', 'a@5 1']);
  });

  it('ends early where the events are large', async () => {
    const store = storeOf(9, readBytesMax / 2, 1);
    const places = [9, 8, 7, 6].map((at) => place('a', at));
    expect(await readPlaces(store, places)).toHaveLength(2);
  });

  it('has nothing where the store has nothing', async () => {
    const store = storeOf(3);
    expect(seen(await readPlaces(store, [place('a', 9), place('a', 3)]))).toEqual([
      ['a', 9, undefined],
      ['a', 3, 3],
    ]);
  });
});
