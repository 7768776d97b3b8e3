import { setImmediate as nextTurn } from 'node:timers/promises';
import { CheckpointFlusher } from './checkpoint-flusher';
import { CheckpointCorrupt } from './checkpoint-store';
import type { CheckpointStore, SaveOutcome } from './checkpoint-store';
import type { DomainEvent, DomainRecord } from './domain';
import { silentObserver } from './observer';
import type { WriterState } from './writer-state';

const stream = 'journal-led_1';
const tip = { revision: 7, hash: 'ab' };

/** A flusher whose saves end as it is told, over a state with nothing in it. */
function flusherOf(
  save: () => Promise<SaveOutcome>,
  distrust: () => Promise<void> = () => Promise.resolve(),
) {
  const seen: string[] = [];
  const note = (what: string) => (): void => void seen.push(what);
  const state = {
    startFlush: () => ({ records: new Map(), keys: [] }),
    flushFailed: note('failed'),
    flushed: note('flushed'),
  };
  const flusher = new CheckpointFlusher<unknown, DomainEvent, DomainRecord>(
    stream,
    {
      checkpoints: { save, distrust } as unknown as CheckpointStore,
      domain: {} as never,
      observer: { ...silentObserver, checkpointDropped: note('dropped') },
    },
    state as unknown as WriterState<DomainRecord>,
    { organizationId: 'org_1' },
  );
  return { flusher, seen, flush: () => flusher.flush(() => tip as never) };
}

describe('a checkpoint that turns out to be corrupt while it is saved', () => {
  it('is distrusted by the database, while others wait for the end of the save', async () => {
    // Both take turns of the event loop, as a server does.
    const { flusher, seen, flush } = flusherOf(
      async () => {
        await nextTurn();
        throw new CheckpointCorrupt('its checksum is another one', stream);
      },
      nextTurn as () => Promise<void>,
    );
    const flushing = flush();
    const ended: string[] = [];
    // Who waited in microtasks alone would let no answer in any more.
    const waiting = flusher.settled().then(() => ended.push('settled'));
    expect(await flushing).toBe('gone');
    await waiting;
    expect(flusher.isRunning).toBe(false);
    expect([seen, ended]).toEqual([['dropped', 'failed'], ['settled']]);
  });

  it('does not let another save begin before that', async () => {
    let saves = 0;
    let isDistrusted = false;
    const { flush, seen } = flusherOf(
      async () => {
        saves += 1;
        await nextTurn();
        if (saves > 1) return isDistrusted ? 'saved' : 'ahead';
        throw new CheckpointCorrupt('its checksum is another one', stream);
      },
      async () => {
        await nextTurn();
        isDistrusted = true;
      },
    );
    expect(await Promise.all([flush(), flush()])).toEqual(['gone', 'saved']);
    expect(seen).toEqual(['dropped', 'failed', 'flushed']);
  });

  it('is told to all who wait where even that fails', async () => {
    const unreachable = new Error('connect ECONNREFUSED');
    const { flusher, flush, seen } = flusherOf(
      () => Promise.reject(new CheckpointCorrupt('its checksum is another one', stream)),
      async () => {
        await nextTurn();
        throw unreachable;
      },
    );
    const flushing = flush();
    const settled = flusher.settled();
    await expect(flushing).rejects.toBe(unreachable);
    await settled;
    expect(seen).toEqual(['dropped', 'failed']);
  });
});
