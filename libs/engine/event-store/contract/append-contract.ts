import { revision, WrongExpectedRevision } from '../port';
import type { EventStore, ExpectedRevision } from '../port';
import { contentOf, freshStream, someEvents } from './contract-subject';
import type { ContractSubject } from './contract-subject';

const stored = (at: number): object => ({ revision: at, repeated: false });
const again = (at: number): object => ({ revision: at, repeated: true });

/** Expected revisions, atomicity, contiguity, repeated appends. */
export function appendContract(subject: ContractSubject): void {
  const append: EventStore['append'] = (...call) => subject.store().append(...call);
  const idsOf = async (stream: string): Promise<string[]> =>
    (await subject.store().readStream(stream, { limit: 1_000 })).map(({ id }) => id);

  async function expectConflict(
    stream: string,
    expected: ExpectedRevision,
    actual: number | null,
    events = someEvents(2),
  ): Promise<void> {
    const before = await idsOf(stream);
    const error = await append(stream, expected, events).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WrongExpectedRevision);
    expect(error).toMatchObject({ name: 'WrongExpectedRevision', stream, expected, actual });
    expect(await idsOf(stream)).toEqual(before);
  }

  describe('expected revision', () => {
    it('no_stream makes a stream and refuses one that exists', async () => {
      const stream = freshStream();
      expect(await append(stream, 'no_stream', someEvents(3))).toEqual(stored(2));
      await expectConflict(stream, 'no_stream', 2);
    });

    it('an exact one is taken at the stream’s end only', async () => {
      const stream = freshStream();
      await append(stream, 'no_stream', someEvents(2));
      expect(await append(stream, revision(1), someEvents(2))).toEqual(stored(3));
      await expectConflict(stream, revision(1), 3);
      await expectConflict(stream, revision(0), 3);
      await expectConflict(stream, revision(7), 3);
    });

    it('an exact one of a stream that does not exist is a conflict with null', async () => {
      await expectConflict(freshStream(), revision(0), null);
      await expectConflict(freshStream(), revision(5), null);
    });

    it('stream_exists needs one event', async () => {
      const stream = freshStream();
      await expectConflict(stream, 'stream_exists', null);
      await append(stream, 'no_stream', someEvents(1));
      expect(await append(stream, 'stream_exists', someEvents(2))).toEqual(stored(2));
    });

    it('any appends to whatever there is', async () => {
      const stream = freshStream();
      expect(await append(stream, 'any', someEvents(2))).toEqual(stored(1));
      expect(await append(stream, 'any', someEvents(1))).toEqual(stored(2));
    });
  });

  describe('an append', () => {
    it('gives its events consecutive revisions in their order', async () => {
      const stream = freshStream();
      const events = someEvents(700);
      await append(stream, 'no_stream', events.slice(0, 300));
      await append(stream, revision(299), events.slice(300));
      const read = await subject.store().readStream(stream, { limit: 1_000 });
      expect(read.map(contentOf)).toEqual(events);
      expect(read.map((event) => event.revision)).toEqual(events.map((_, index) => index));
      expect(read.every((event) => event.stream === stream)).toBe(true);
    });

    it('is refused as a whole for a caller’s bug in one event', async () => {
      const stream = freshStream();
      const [good, bad] = someEvents(2);
      for (const broken of [
        { ...bad, data: '{\n}' },
        { ...bad, metadata: '\n' },
        { ...bad, id: 'not-a-uuid' },
        { ...bad, type: '' },
      ]) {
        const events = [good, broken] as Parameters<EventStore['append']>[2];
        await expect(append(stream, 'no_stream', events)).rejects.toThrow(TypeError);
      }
      await expect(append(stream, 'no_stream', [])).rejects.toThrow(TypeError);
      await expect(append('', 'no_stream', someEvents(1))).rejects.toThrow(TypeError);
      await expect(append('a\nb', 'no_stream', someEvents(1))).rejects.toThrow(TypeError);
      expect(await idsOf(stream)).toEqual([]);
    });

    it('keeps every text byte for byte', async () => {
      const stream = freshStream(`journal-ü-€-𝄞-'";\\%_-`);
      const texts = [
        { é: 'e\u0301', '': null, 'z a': [1e21, -0, 1.5], quote: `'"\\/` },
        { control: '\u0000\u0001\b\f\n\r\t\u001f\u007f\u0085', separators: '\u2028\u2029' },
        { copy: '\\N\\.\\\\t\t{a,b}$1 $$ {"a":NULL}', sql: `'); drop table events; --` },
        { emoji: '👩🏽‍🚀🇨🇭', cjk: '漢字', rtl: 'عربي', lone: '\ud800', bom: '\ufeff' },
      ].map((value) => JSON.stringify(value));
      const events = someEvents(texts.length).map((event, index) => ({
        ...event,
        type: `Type ${index} ü`,
        data: `  ${texts[index]}  `,
        metadata: texts[texts.length - 1 - index] ?? '',
      }));
      await append(stream, 'no_stream', events);
      expect((await subject.store().readStream(stream, { limit: 10 })).map(contentOf)).toEqual(events);
    });
  });

  describe('the same events again', () => {
    it('are answered as the first time, however far the stream has gone on', async () => {
      const stream = freshStream();
      const [first, second] = [someEvents(2), someEvents(3)];
      await append(stream, 'no_stream', first);
      expect(await append(stream, 'no_stream', first)).toEqual(again(1));
      await append(stream, revision(1), second);
      expect(await append(stream, revision(1), second)).toEqual(again(4));
      await append(stream, revision(4), someEvents(1));
      expect(await append(stream, 'no_stream', first)).toEqual(again(1));
      expect(await append(stream, revision(1), second)).toEqual(again(4));
      expect(await idsOf(stream)).toHaveLength(6);
    });

    it('are recognised without an exact revision', async () => {
      const stream = freshStream();
      const [first, second] = [someEvents(2), someEvents(2)];
      await append(stream, 'any', first);
      await append(stream, 'stream_exists', second);
      expect(await append(stream, 'any', first)).toEqual(again(1));
      expect(await append(stream, 'stream_exists', second)).toEqual(again(3));
      expect(await idsOf(stream)).toHaveLength(4);
    });

    it('are a conflict when only some are there, or in another order, or elsewhere', async () => {
      const stream = freshStream();
      const [a, b, c] = someEvents(3);
      if (!a || !b || !c) throw new Error('three events');
      await append(stream, 'no_stream', [a, b]);
      await expectConflict(stream, 'no_stream', 1, [a, b, c]);
      await expectConflict(stream, 'no_stream', 1, [a, c]);
      await expectConflict(stream, 'no_stream', 1, [b, a]);
      await expectConflict(stream, revision(0), 1, [a, b]);
      await expectConflict(stream, 'any', 1, [a, b, c]);
      await expectConflict(stream, 'stream_exists', 1, [b, a]);
    });

    it('a beginning of them is answered as well', async () => {
      const stream = freshStream();
      const events = someEvents(3);
      await append(stream, 'no_stream', events);
      expect(await append(stream, 'no_stream', events.slice(0, 2))).toEqual(again(1));
    });
  });
}
