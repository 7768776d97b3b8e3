import type { Pause } from './pause';

/** What is read and applied, and whether it gets on. */
export interface Watched {
  readonly projections: readonly string[];
  /** How long it has done nothing, milliseconds. */
  readonly idleMs: number;
  /** Whether there is something that it should do. */
  isBehind(): Promise<boolean>;
  /** It has nothing to do: being idle is right. */
  caughtUp(): void;
}

/** A feed is behind and does nothing, and nobody was told that anything failed: an answer was lost, perhaps. */
export class FeedStuck extends Error {
  override readonly name = 'FeedStuck';
  constructor(projections: readonly string[], idleMs: number) {
    super(
      `the feed of ${projections.join(', ')} has done nothing for ${Math.round(idleMs / 1_000)} s ` +
        'although there are events: it is opened again',
    );
  }
}

const looksPerPatience = 10;
const lookMsMax = 1_000;

/**
 * Looks again and again whether what is behind gets on.
 * @throws FeedStuck it has done nothing for `patienceMs`
 */
export async function watchFeeds(
  watched: readonly Watched[],
  pause: Pause,
  patienceMs: number,
): Promise<void> {
  while (!pause.isEnded) {
    await pause.forMs(Math.min(lookMsMax, patienceMs / looksPerPatience));
    for (const one of watched) {
      if (pause.isEnded || one.idleMs < patienceMs) continue;
      // It may have got on while it was asked.
      if (!(await one.isBehind())) one.caughtUp();
      else if (one.idleMs >= patienceMs) throw new FeedStuck(one.projections, one.idleMs);
    }
  }
}
