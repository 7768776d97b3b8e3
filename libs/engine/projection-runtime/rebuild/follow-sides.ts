import type { Sql } from '@fintech-ledger/postgres';
import { again } from '../again';
import type { Projection } from '../projection';
import { ofThese, selectFollowed, sidesKey } from './followed';
import type { FollowedProjection } from './followed';

/** How often it looks which sides of read models are to be kept up to date. */
const followMs = 1_000;

/**
 * A rebuild fills a side, swaps it, drops one: lanes keep up to date what they shall, from the next batch on.
 * @param ofLanes the projections of each lane
 * @param known see `sidesKey`
 * @returns ends it
 */
export function followSides<E>(
  { db, projections }: { readonly db: Sql; readonly projections: readonly Projection<E>[] },
  lanes: readonly { follow(followed: readonly FollowedProjection<E>[]): Promise<void> }[],
  ofLanes: readonly (readonly Projection<E>[])[],
  known: string,
): () => Promise<void> {
  return again(followMs, async () => {
    const followed = await selectFollowed(db, projections);
    const key = sidesKey(followed);
    if (key === known) return;
    await Promise.all(lanes.map((lane, index) => lane.follow(ofThese(followed, ofLanes[index] ?? []))));
    known = key;
  });
}
