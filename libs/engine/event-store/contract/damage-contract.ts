import { revision, StreamGone, StreamTruncated } from '../port';
import { freshStream, someEvents, take } from './contract-subject';
import type { ContractSubject } from './contract-subject';

/** A stream that is not whole any more is an error of its own, and of that stream alone. */
export function damageContract(subject: ContractSubject): void {
  const { damage } = subject;
  if (!damage) return;
  const store = (): ReturnType<ContractSubject['store']> => subject.store();
  const newStream = async (): Promise<string> => {
    const stream = freshStream();
    await store().append(stream, 'no_stream', someEvents(3));
    await store().append(stream, revision(2), someEvents(3));
    return stream;
  };

  describe('a stream that lost its beginning', () => {
    it.each([2, 3, 5])('is not returned as if revision %i were the first', async (before) => {
      const stream = await newStream();
      await damage.cutOff(stream, before);
      for (const read of [
        { limit: 10 },
        { limit: 1 },
        { limit: 3, from: revision(before - 1) },
        { limit: 10, direction: 'backwards' as const },
      ]) {
        const pages = store().readStream(stream, read);
        await expect(pages).rejects.toThrow(StreamTruncated);
        await expect(pages).rejects.toMatchObject({ stream });
      }
    });

    it('still shows what is left to who asks for it', async () => {
      const stream = await newStream();
      await damage.cutOff(stream, 4);
      const page = await store().readStream(stream, { limit: 10, from: revision(4) });
      expect(page.map((event) => event.revision)).toEqual([4, 5]);
      const [last] = await store().readStream(stream, { limit: 1, direction: 'backwards' });
      expect(last?.revision).toBe(5);
    });

    it('is none that is empty when all of it is lost', async () => {
      const stream = await newStream();
      await damage.cutOff(stream, 6);
      await expect(store().readStream(stream, { limit: 10 })).rejects.toThrow(StreamTruncated);
      const backwards = store().readStream(stream, { limit: 1, direction: 'backwards' });
      await expect(backwards).rejects.toThrow(StreamTruncated);
    });
  });

  const { remove } = damage;
  if (!remove) return;
  describe('a stream that was deleted', () => {
    it('is gone for reads and appends, and nobody follows into it', async () => {
      const prefix = freshStream();
      const [gone, kept] = [`${prefix}-1`, `${prefix}-2`];
      await store().append(gone, 'no_stream', someEvents(2));
      const following = take(store().subscribe({ streamPrefixes: [prefix] }), 3);
      await remove(gone);
      await expect(store().readStream(gone, { limit: 1 })).rejects.toThrow(StreamGone);
      await expect(store().readStream(gone, { limit: 1, from: revision(2) })).rejects.toThrow(StreamGone);
      await expect(store().append(gone, revision(1), someEvents(1))).rejects.toThrow(StreamGone);
      await store().append(kept, 'no_stream', someEvents(1));
      const places = (await following).map((event) => `${event.stream}@${event.revision}`);
      expect(places).toEqual([`${gone}@0`, `${gone}@1`, `${kept}@0`]);
    });
  });
}
