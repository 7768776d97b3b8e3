import { seldomLookMs, rebuildPollMs } from './limits';
import { LookPace } from './look-pace';

/** Polls on a clock of its own, and says after how many of them each look came. */
function looksOf(polls: number, signsAt: (poll: number) => string): readonly number[] {
  let nowMs = 0;
  const pace = new LookPace(() => nowMs);
  const looks: number[] = [];
  for (let poll = 0; poll < polls; poll += 1, nowMs += rebuildPollMs) {
    if (!pace.isDue('rbd_1', signsAt(poll))) continue;
    looks.push(poll);
    pace.looked('rbd_1', signsAt(poll));
  }
  return looks;
}

describe('looks at what waits', () => {
  const most = seldomLookMs / rebuildPollMs;

  it('come ever more seldom while nothing changes, and never end', () => {
    const looks = looksOf(1_000, () => 'as before');
    expect(looks.slice(0, 8)).toEqual([0, 1, 3, 7, 15, 31, 63, 63 + most]);
    expect(looks.slice(8).every((poll, n) => poll - (looks[n + 7] ?? 0) === most)).toBe(true);
  });

  it('come at once when something has changed, and then soon again', () => {
    expect(looksOf(120, (poll) => (poll < 100 ? 'as before' : 'healed')).slice(6)).toEqual([
      63, 100, 101, 103, 107, 115,
    ]);
  });

  it('come each time where each time something has changed', () => {
    expect(looksOf(20, String)).toHaveLength(20);
  });

  it('come soon after one that has changed something', () => {
    let nowMs = 0;
    const pace = new LookPace(() => nowMs);
    pace.looked('rbd_1', 'before');
    nowMs = 10 * seldomLookMs;
    pace.looked('rbd_1', 'before');
    pace.looked('rbd_1', 'after');
    nowMs += rebuildPollMs;
    expect(pace.isDue('rbd_1', 'after')).toBe(true);
  });

  it('are those of each rebuild, and forgotten with it', () => {
    const pace = new LookPace(() => 0);
    for (const id of ['rbd_1', 'rbd_2']) pace.looked(id, 'as before');
    expect(pace.isDue('rbd_3', 'as before')).toBe(true);
    pace.forget('rbd_1');
    expect([pace.isDue('rbd_1', 'as before'), pace.isDue('rbd_2', 'as before')]).toEqual([true, false]);
  });
});
