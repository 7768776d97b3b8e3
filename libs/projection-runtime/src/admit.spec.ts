import { globalPosition, revision } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { admit, GapFound, parseBatch, PoisonEvent } from '.';

const event = (stream: string, at: number, type = 'Known'): RecordedEvent => ({
  id: `${stream}-${at}`,
  type,
  data: '{}',
  metadata: '{}',
  stream,
  revision: revision(at),
  position: globalPosition('0'),
});
const decode = (recorded: RecordedEvent): string => {
  if (recorded.type !== 'Known') throw new PoisonEvent(recorded, 'its type is not known');
  return recorded.id;
};
const admitted = (events: readonly RecordedEvent[], known: Readonly<Record<string, number>> = {}) =>
  admit(
    parseBatch(events, decode),
    (stream) => stream.startsWith('j'),
    (stream) => known[stream] ?? -1,
  );

describe('admit', () => {
  it('takes what comes next in each of our streams', () => {
    expect(admitted([event('j1', 0), event('j2', 5), event('x', 9), event('j1', 1)], { j2: 4 })).toEqual({
      events: ['j1-0', 'j2-5', 'j1-1'],
      advances: [
        { stream: 'j1', from: -1, to: 1 },
        { stream: 'j2', from: 4, to: 5 },
      ],
    });
  });

  it('skips duplicates, of earlier batches and within one', () => {
    const events = [event('j1', 0), event('j1', 1), event('j1', 0), event('j1', 1), event('j1', 2)];
    expect(admitted(events, { j1: 0 }).events).toEqual(['j1-1', 'j1-2']);
    expect(admitted([...events, ...events], { j1: 2 })).toEqual({ events: [], advances: [] });
  });

  it('stops before a gap and names it', () => {
    const { events, advances, halt } = admitted([event('j1', 0), event('j1', 2), event('j1', 3)]);
    expect(events).toEqual(['j1-0']);
    expect(advances).toEqual([{ stream: 'j1', from: -1, to: 0 }]);
    expect(halt).toBeInstanceOf(GapFound);
    expect(halt?.message).toBe('event j1@2 (Known, j1-2) came after revision 0: 1 missing before it');
  });

  it('stops before an event that cannot be read, unless it was passed already or is not ours', () => {
    const poison = event('j1', 1, 'Unknown');
    expect(admitted([event('j1', 0), poison]).halt?.message).toBe(
      'event j1@1 (Unknown, j1-1): its type is not known',
    );
    expect(admitted([poison], { j1: 1 }).halt).toBeUndefined();
    expect(admitted([event('x', 0, 'Unknown')]).halt).toBeUndefined();
  });
});
