import { setTimeout as sleep } from 'node:timers/promises';
import { DueWatch } from './due-watch';
import type { DueSearch } from './due-watch';
import { silentObserver } from './observer';

function watching(options: { found: () => readonly string[]; attend: (stream: string) => Promise<void> }) {
  const searches: DueSearch[] = [];
  const failed: string[] = [];
  const seen = { atOnce: 0, most: 0 };
  const watch = new DueWatch({
    streams: {
      find: async (search) => {
        searches.push(search);
        return options.found();
      },
    },
    writers: {
      running: () => ['journal-runs'],
      unattended: () => ['journal-left'],
      attend: async (stream) => {
        seen.most = Math.max(seen.most, (seen.atOnce += 1));
        await options.attend(stream).finally(() => (seen.atOnce -= 1));
      },
    },
    clock: { nowMs: () => Date.parse('2026-01-01T00:00:00.000Z') },
    observer: { ...silentObserver, dueFailed: (stream) => failed.push(stream) },
    everyMs: 20,
  });
  watch.start();
  return { watch, searches, failed, seen };
}

describe('the watch over what is due', () => {
  it('attends to what it finds and to what was left, a few at a time', async () => {
    const attended = new Set<string>();
    const all = Array.from({ length: 40 }, (_, i) => `journal-${i}`);
    const { watch, searches, seen, failed } = watching({
      found: () => all.filter((stream) => !attended.has(stream)),
      attend: async (stream) => {
        await sleep(1);
        attended.add(stream);
      },
    });
    while (attended.size < 41) await sleep(5);
    await watch.close();
    expect(searches[0]).toEqual({
      now: '2026-01-01T00:00:00.000Z',
      limit: 50,
      running: ['journal-runs'],
      moved: new Map(),
      failing: [],
    });
    expect(seen.most).toBeLessThanOrEqual(4);
    expect(failed).toEqual([]);
  });

  it('tells of one that can not be loaded, and leaves it alone for a while', async () => {
    const tries: string[] = [];
    const { watch, searches, failed } = watching({
      found: () => ['journal-bad'],
      attend: async (stream) => {
        tries.push(stream);
        if (stream === 'journal-bad') throw new Error('the hash chain breaks');
      },
    });
    while (!searches.some(({ failing }) => failing.includes('journal-bad'))) await sleep(5);
    await watch.close();
    expect(failed[0]).toBe('journal-bad');
    expect(tries).toContain('journal-left');
  });
});
