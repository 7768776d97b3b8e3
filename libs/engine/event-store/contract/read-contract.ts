import { readBytesMax, readEventsMax } from '../limits';
import { revision } from '../port';
import type { EventStore, ReadOptions } from '../port';
import { wholeStream } from '../whole-stream';
import { freshStream, someEvents } from './contract-subject';
import type { ContractSubject } from './contract-subject';

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Pages in both directions. */
export function readContract(subject: ContractSubject): void {
  describe('readStream', () => {
    const stream = freshStream();
    const revisions = async (options: ReadOptions): Promise<number[]> =>
      (await subject.store().readStream(stream, options)).map((event) => event.revision);

    beforeAll(async () => {
      // Appends of one and of many events, with others' in between.
      await subject.store().append(stream, 'no_stream', someEvents(1));
      for (let at = 0; at < 19; at += 1) {
        await subject.store().append(freshStream(), 'no_stream', someEvents(2));
        if (at % 5 === 0) await subject.store().append(stream, revision(at), someEvents(5));
      }
    });

    it('forwards from the beginning, from inside an append, to the end', async () => {
      expect(await revisions({ limit: 100 })).toEqual(range(0, 20));
      expect(await revisions({ limit: 4 })).toEqual(range(0, 3));
      expect(await revisions({ limit: 6, from: revision(3) })).toEqual(range(3, 8));
      expect(await revisions({ limit: 100, from: revision(18) })).toEqual(range(18, 20));
      expect(await revisions({ limit: 1, from: revision(20) })).toEqual([20]);
      expect(await revisions({ limit: 10, from: revision(21) })).toEqual([]);
    });

    it('backwards from the end, from inside an append, to the beginning', async () => {
      expect(await revisions({ limit: 100, direction: 'backwards' })).toEqual(range(0, 20).reverse());
      expect(await revisions({ limit: 4, direction: 'backwards' })).toEqual([20, 19, 18, 17]);
      expect(await revisions({ limit: 3, from: revision(7), direction: 'backwards' })).toEqual([7, 6, 5]);
      expect(await revisions({ limit: 10, from: revision(2), direction: 'backwards' })).toEqual([2, 1, 0]);
      expect(await revisions({ limit: 2, from: revision(99), direction: 'backwards' })).toEqual([20, 19]);
      expect(await revisions({ limit: 5, from: revision(0), direction: 'backwards' })).toEqual([0]);
    });

    it('is empty for a stream that does not exist', async () => {
      const read = subject.store().readStream.bind(subject.store());
      expect(await read(freshStream(), { limit: 10 })).toEqual([]);
      expect(await read(freshStream(), { limit: 10, direction: 'backwards' })).toEqual([]);
    });

    it('refuses a limit that is none', async () => {
      for (const limit of [0, -1, 1.5, readEventsMax + 1]) {
        await expect(subject.store().readStream(stream, { limit })).rejects.toThrow(RangeError);
      }
    });

    it('ends a page early when its events are large, but never before the first', async () => {
      const large = freshStream();
      const { appendBytesMax } = subject.store().limits;
      const bytes = Math.floor(appendBytesMax * 0.9);
      const count = Math.ceil((readBytesMax * 1.5) / bytes) + 1;
      const data = JSON.stringify('x'.repeat(bytes));
      for (const event of someEvents(count)) await subject.store().append(large, 'any', [{ ...event, data }]);
      const seen: number[] = [];
      let pages = 0;
      const readStream: EventStore['readStream'] = async (...asked) => {
        const page = await subject.store().readStream(...asked);
        if (page.length > 0) pages += 1;
        return page;
      };
      for await (const event of wholeStream({ readStream }, large)) seen.push(event.revision);
      expect(seen).toEqual(range(0, count - 1));
      expect(pages).toBeGreaterThan(1);
    });
  });
}
