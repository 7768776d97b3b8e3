import { FeedStuck, watchFeeds } from './feed-watch';
import type { Watched } from './feed-watch';
import { Pause } from './pause';

/** Says one after the other whether it is behind; ends the watch after the last word. */
function scripted(pause: Pause, idleMs: number, words: readonly boolean[]): Watched & { caught: number } {
  const rest = [...words];
  return {
    projections: ['balances'],
    idleMs,
    caught: 0,
    isBehind() {
      const word = rest.shift() ?? false;
      if (rest.length === 0 && !word) pause.end();
      return Promise.resolve(word);
    },
    caughtUp() {
      this.caught += 1;
    },
  };
}

describe('the watch over feeds', () => {
  it('drops one that is behind and has done nothing for too long', async () => {
    const pause = new Pause();
    const stuck = scripted(pause, 100, [true]);
    await expect(watchFeeds([stuck], pause, 50)).rejects.toThrow(FeedStuck);
  });

  it('leaves one that has nothing to do', async () => {
    const pause = new Pause();
    const idle = scripted(pause, 100, [false, false, false]);
    await watchFeeds([idle], pause, 50);
    expect(idle.caught).toBe(3);
  });

  it('does not ask one that gets on', async () => {
    const pause = new Pause();
    const busy: Watched = {
      projections: ['balances'],
      idleMs: 10,
      isBehind: () => Promise.reject(new Error('asked')),
      caughtUp: () => undefined,
    };
    await watchFeeds([busy, scripted(pause, 100, [false])], pause, 50);
  });
});
