import { globalPosition, revision } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { admit, GapFound, JournalRewritten, noHead, parseBatch, PoisonEvent } from '.';
import type { ChainHead } from '.';

const event = (stream: string, at: number, type = 'Known', history = ''): RecordedEvent => ({
  id: `${stream}-${at}`,
  type,
  data: '{}',
  metadata: `{"hash":"${hashOf(at, history)}","previousHash":"${hashOf(at - 1, history)}"}`,
  stream,
  revision: revision(at),
  position: globalPosition('0'),
});
const hashOf = (at: number, history = ''): string => (at === -1 ? (noHead.hash ?? '') : `h${at}${history}`);
const head = (at: number, history = ''): ChainHead => ({ revision: at, hash: hashOf(at, history) });
const decode = (recorded: RecordedEvent): string => {
  if (recorded.type !== 'Known') throw new PoisonEvent(recorded, 'its type is not known');
  return recorded.id;
};
const admitted = (events: readonly RecordedEvent[], known: Readonly<Record<string, ChainHead>> = {}) =>
  admit(parseBatch(events, decode), {
    isOurs: (stream) => stream.startsWith('j'),
    headOf: (stream) => known[stream] ?? noHead,
  });
const messages = (events: readonly RecordedEvent[], known: Readonly<Record<string, ChainHead>> = {}) =>
  admitted(events, known).halts.map(({ cause }) => (cause as Error).message);

describe('admit', () => {
  it('takes what comes next in each of our streams', () => {
    const events = [event('j1', 0), event('j2', 5), event('x', 9), event('j1', 1)];
    expect(admitted(events, { j2: head(4) })).toEqual({
      events: ['j1-0', 'j2-5', 'j1-1'],
      advances: [
        { stream: 'j1', from: -1, to: 1, hash: 'h1' },
        { stream: 'j2', from: 4, to: 5, hash: 'h5' },
      ],
      halts: [],
    });
  });

  it('skips repetitions, of earlier batches and within one', () => {
    const events = [event('j1', 0), event('j1', 1), event('j1', 0), event('j1', 1), event('j1', 2)];
    expect(admitted(events, { j1: head(0) }).events).toEqual(['j1-1', 'j1-2']);
    expect(admitted([...events, ...events], { j1: head(2) })).toEqual({
      events: [],
      advances: [],
      halts: [],
    });
  });

  it('stops a stream before a gap, names it, and goes on with the others', () => {
    const batch = [event('j1', 0), event('j1', 2), event('j2', 0), event('j1', 3), event('j2', 1)];
    const { events, advances, halts } = admitted(batch);
    expect(events).toEqual(['j1-0', 'j2-0', 'j2-1']);
    expect(advances).toMatchObject([
      { stream: 'j1', from: -1, to: 0 },
      { stream: 'j2', from: -1, to: 1 },
    ]);
    expect(halts).toMatchObject([{ stream: 'j1', revision: 1 }]);
    expect(halts[0]?.cause).toBeInstanceOf(GapFound);
    expect(messages(batch)).toEqual(['event j1@2 (Known, j1-2) came after revision 0: 1 missing before it']);
  });

  it('stops a stream at an event that cannot be read, unless it was passed already or is not ours', () => {
    const poison = event('j1', 1, 'Unknown');
    expect(messages([event('j1', 0), poison])).toEqual(['event j1@1 (Unknown, j1-1): its type is not known']);
    expect(admitted([poison], { j1: head(1) }).halts).toEqual([]);
    expect(admitted([event('x', 0, 'Unknown')]).halts).toEqual([]);
    const unreadable = { ...event('j1', 1), revision: revision(NaN), unreadable: 'its value is truncated' };
    expect(messages([event('j1', 0), unreadable, event('j1', 2)])).toEqual([
      'event j1@NaN (Known, j1-1): its value is truncated',
    ]);
  });

  it('stops a stream whose next event does not follow the one that was applied', () => {
    const { events, halts } = admitted([event('j1', 5, 'Known', 'b'), event('j2', 0)], { j1: head(4) });
    expect(events).toEqual(['j2-0']);
    expect(halts).toMatchObject([{ stream: 'j1', revision: 5 }]);
    expect(halts[0]?.cause).toBeInstanceOf(JournalRewritten);
    expect(messages([event('j1', 5, 'Known', 'b')], { j1: head(4) })[0]).toMatch(
      /^the journal was rewritten at 4 or before: event j1@5 .* "ledgerctl recover"$/,
    );
    // The first event too: a stream that was deleted and begun again under another name, or whose beginning was lost.
    expect(messages([{ ...event('j1', 0), metadata: '{"hash":"h","previousHash":"x"}' }])).toHaveLength(1);
  });

  it('stops a stream when the last applied event comes again as another one', () => {
    expect(messages([event('j1', 4, 'Known', 'b')], { j1: head(4) })[0]).toMatch(
      /^the journal was rewritten at 4: event j1@4 \(Known, j1-4\) is not the one that was applied there/,
    );
    expect(admitted([event('j1', 3, 'Known', 'b')], { j1: head(4) }).halts).toEqual([]);
  });

  it('takes a checkpoint from before hashes were kept at its word', () => {
    const before = { j1: { revision: 4, hash: undefined } };
    expect(admitted([event('j1', 4), event('j1', 5)], before).events).toEqual(['j1-5']);
    expect(messages([event('j1', 5), event('j1', 6, 'Known', 'b')], before)).toHaveLength(1);
  });
});
