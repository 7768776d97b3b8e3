import { AppendJoiner } from './append-joiner';
import type { ExactAppend } from './append-joiner';
import { someEvents } from './contract/contract-subject';
import { joinedBytesMax } from './limits';
import { AppendRejected, OutcomeUnknown, revision } from './port';
import type { AppendResult } from './port';

interface Call {
  readonly streams: readonly string[];
  /** What is not stored with the others, or what is thrown. */
  readonly answer: (how?: readonly string[] | Error) => void;
}

/** A store that is answered by hand. */
function open() {
  const calls: Call[] = [];
  const called = <T>(streams: readonly string[], toResult: (apart: readonly string[]) => T): Promise<T> =>
    new Promise((resolve, reject) => {
      const answer = (how: readonly string[] | Error = []): void =>
        how instanceof Error ? reject(how) : resolve(toResult(how));
      calls.push({ streams, answer });
    });
  const joiner = new AppendJoiner({
    appendAlone: ({ stream }) => called([stream], () => ({ revision: revision(99), repeated: true })),
    appendTogether: (appends) =>
      called(
        appends.map(({ stream }) => stream),
        (apart) => appends.filter(({ stream }) => apart.includes(stream)),
      ),
  });
  const append = (stream: string, bytes = 1_000, events = 1): Promise<AppendResult> =>
    joiner.append({ stream, before: 4, events: someEvents(events) } satisfies ExactAppend, bytes);
  const streams = (): readonly (readonly string[])[] => calls.map((call) => call.streams);
  return { calls, append, streams };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('joined appends', () => {
  it('go at once when none is on its way, and else together when that one has ended', async () => {
    const { calls, append, streams } = open();
    const [first, ...others] = ['a', 'b', 'c'].map((stream) => append(stream, 10, 2));
    expect(streams()).toEqual([['a']]);
    calls[0]?.answer();
    expect(await first).toEqual({ revision: 99, repeated: true });
    await turn();
    expect(streams()).toEqual([['a'], ['b', 'c']]);
    calls[1]?.answer();
    expect(await Promise.all(others)).toEqual([
      { revision: 6, repeated: false },
      { revision: 6, repeated: false },
    ]);
  });

  it('are bounded in bytes, and keep their order', async () => {
    const { calls, append, streams } = open();
    void append('a');
    void append('b', joinedBytesMax / 2);
    void append('c', joinedBytesMax);
    void append('d', 1);
    calls[0]?.answer();
    await turn();
    calls[1]?.answer();
    await turn();
    expect(streams()).toEqual([['a'], ['b'], ['c']]);
    calls[2]?.answer();
    await turn();
    expect(streams().at(-1)).toEqual(['d']);
  });

  it('do not wait for a large one, nor it for them', () => {
    const { append, streams } = open();
    void append('large', joinedBytesMax + 1);
    void append('a');
    void append('larger', joinedBytesMax + 1);
    expect(streams()).toEqual([['large'], ['a'], ['larger']]);
  });

  it('of one stream follow each other', async () => {
    const { calls, append, streams } = open();
    void append('a');
    void append('b');
    void append('b');
    void append('c');
    calls[0]?.answer();
    await turn();
    expect(streams()).toEqual([['a'], ['b', 'c']]);
    calls[1]?.answer();
    await turn();
    expect(streams().at(-1)).toEqual(['b']);
  });

  it('that are elsewhere go alone, and the others once more together', async () => {
    const { calls, append, streams } = open();
    void append('a');
    const all = ['b', 'c', 'd', 'e'].map((stream) => append(stream));
    calls[0]?.answer();
    await turn();
    calls[1]?.answer(['c']);
    await turn();
    expect(streams().slice(2)).toEqual([['c'], ['b', 'd', 'e']]);
    calls[3]?.answer();
    await turn();
    calls[2]?.answer(new OutcomeUnknown('silence'));
    const results = await Promise.allSettled(all);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  });

  it('all have the unknown outcome of what they were in, and none is sent again', async () => {
    const { calls, append, streams } = open();
    void append('a');
    const all = ['b', 'c'].map((stream) => append(stream));
    calls[0]?.answer();
    await turn();
    calls[1]?.answer(new OutcomeUnknown('silence'));
    for (const result of await Promise.allSettled(all))
      expect(result).toMatchObject({ reason: { name: 'OutcomeUnknown' } });
    expect(streams()).toHaveLength(2);
  });

  it('go alone when one of them was refused', async () => {
    const { calls, append, streams } = open();
    void append('a');
    const all = ['b', 'c'].map((stream) => append(stream));
    calls[0]?.answer();
    await turn();
    calls[1]?.answer(new AppendRejected('a text'));
    await turn();
    expect(streams().slice(2)).toEqual([['b'], ['c']]);
    calls[2]?.answer(new AppendRejected('a text'));
    calls[3]?.answer();
    const results = await Promise.allSettled(all);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  it('that could not go with others go on also where that was told late, and nothing else comes', async () => {
    jest.useFakeTimers();
    try {
      const { calls, append, streams } = open();
      void append('a');
      void append('b');
      void append('c');
      calls[0]?.answer();
      await jest.advanceTimersByTimeAsync(1_001);
      expect(streams()).toEqual([['a'], ['b', 'c']]);
      calls[1]?.answer(['c']);
      await jest.advanceTimersByTimeAsync(1);
      expect(streams().slice(2)).toEqual([['c'], ['b']]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('do not wait for ever for one that hangs', async () => {
    jest.useFakeTimers();
    try {
      const { append, streams } = open();
      void append('a');
      void append('b');
      await jest.advanceTimersByTimeAsync(999);
      expect(streams()).toEqual([['a']]);
      await jest.advanceTimersByTimeAsync(1);
      expect(streams()).toEqual([['a'], ['b']]);
    } finally {
      jest.useRealTimers();
    }
  });
});
