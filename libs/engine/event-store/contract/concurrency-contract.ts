import { OutcomeUnknown, revision, StoreUnavailable, WrongExpectedRevision } from '../port';
import type { RecordedEvent } from '../port';
import { freshStream, someEvents, take } from './contract-subject';
import type { ContractSubject } from './contract-subject';

/** Many at once: one winner per revision, one order for all followers. */
export function concurrencyContract(subject: ContractSubject): void {
  const store = (): ReturnType<ContractSubject['store']> => subject.store();

  describe('at the same time', () => {
    it('of many appends at one revision exactly one is stored', async () => {
      const stream = freshStream();
      await store().append(stream, 'no_stream', someEvents(1));
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, () => store().append(stream, revision(0), someEvents(2))),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(WrongExpectedRevision);
      }
      expect(await store().readStream(stream, { limit: 10 })).toHaveLength(3);
    });

    it('of many that make one stream exactly one does', async () => {
      const stream = freshStream();
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, () => store().append(stream, 'no_stream', someEvents(1))),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it.each(['no_stream', 'any'] as const)(
      'one append sent many times (%s) is stored once',
      async (expected) => {
        const stream = freshStream();
        const events = someEvents(3);
        const results = await Promise.all(
          Array.from({ length: 20 }, () => untilKnown(() => store().append(stream, expected, events))),
        );
        expect(results.every((result) => result.revision === 2)).toBe(true);
        // Who was told of an unknown outcome may have been the first one.
        expect(results.filter(({ repeated }) => !repeated).length).toBeLessThanOrEqual(1);
        expect(await store().readStream(stream, { limit: 10 })).toHaveLength(3);
      },
    );

    it('followers miss nothing of many writers and all see one order', async () => {
      const prefix = freshStream();
      const [writers, rounds, perAppend] = [12, 25, 4];
      const total = writers * rounds * perAppend;
      const following = [3, 50, 2_000].map((batchEventsMax) =>
        take(store().subscribe({ streamPrefixes: [prefix], batchEventsMax }), total),
      );
      const write = async (writer: number): Promise<void> => {
        for (let round = 0; round < rounds; round += 1) {
          const expected = round === 0 ? 'no_stream' : revision(round * perAppend - 1);
          await store().append(`${prefix}-${writer}`, expected, someEvents(perAppend));
        }
      };
      await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
      const [first = [], ...others] = await Promise.all(following);
      expect(first).toHaveLength(total);
      for (const other of others) expect(other).toEqual(first);
      expectEveryStreamInOrder(first, rounds * perAppend);
    }, 60_000);
  });

  describe('close', () => {
    it('ends the subscriptions of this client and refuses its calls, and not those of others', async () => {
      const another = await subject.openAnother();
      if (another === undefined) return;
      const stream = freshStream();
      await another.append(stream, 'no_stream', someEvents(1));
      const following = take(another.subscribe({ streamPrefixes: [stream] }), 2);
      await another.close();
      expect((await following).length).toBeLessThanOrEqual(1);
      await expect(another.append(stream, 'any', someEvents(1))).rejects.toThrow(StoreUnavailable);
      await expect(another.readStream(stream, { limit: 1 })).rejects.toThrow(StoreUnavailable);
      expect(await take(another.subscribe({ streamPrefixes: [stream] }), 1)).toEqual([]);
      await another.close();
      expect(await store().readStream(stream, { limit: 5 })).toHaveLength(1);
    });
  });
}

/** A repetition that meets its first one on its way may not learn what became of it: it is sent again until it does. */
async function untilKnown<T>(append: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await append();
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error;
    }
  }
}

function expectEveryStreamInOrder(events: readonly RecordedEvent[], perStream: number): void {
  const next = new Map<string, number>();
  for (const event of events) {
    expect(event.revision).toBe(next.get(event.stream) ?? 0);
    next.set(event.stream, event.revision + 1);
  }
  for (const count of next.values()) expect(count).toBe(perStream);
}
