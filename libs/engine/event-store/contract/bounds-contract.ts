import { revision } from '../port';
import { freshStream, someEvents, take } from './contract-subject';
import type { ContractSubject } from './contract-subject';

/** A page that is bounded in bytes, and a subscription to what comes from now on. */
export function boundsContract(subject: ContractSubject): void {
  const store = (): ReturnType<ContractSubject['store']> => subject.store();

  describe('bounds', () => {
    it('end a page after the event with which it passes the bytes that were asked for', async () => {
      const stream = freshStream();
      await store().append(stream, 'no_stream', someEvents(9));
      const [event] = await store().readStream(stream, { limit: 1 });
      const bytes = Buffer.byteLength(`${event?.data}${event?.metadata}`);
      expect((await store().readStream(stream, { limit: 9, bytesMax: 2 * bytes })).length).toBe(3);
      const backwards = { limit: 3, bytesMax: 1, direction: 'backwards' } as const;
      expect((await store().readStream(stream, backwards)).length).toBe(1);
      for (const bytesMax of [0, 1.5, Infinity])
        await expect(store().readStream(stream, { limit: 1, bytesMax })).rejects.toThrow(RangeError);
    });

    it('leave out what was there, for a subscription after the last position of all', async () => {
      const stream = freshStream();
      await store().append(stream, 'no_stream', someEvents(3));
      await store().append(freshStream('other-'), 'no_stream', someEvents(2));
      const after = await store().lastPosition();
      if (after === undefined) throw new Error('a position');
      await store().append(stream, revision(2), someEvents(2));
      const next = await take(store().subscribe({ streamPrefixes: [stream], after }), 2);
      expect(next.map((event) => event.revision)).toEqual([3, 4]);
    });
  });
}
