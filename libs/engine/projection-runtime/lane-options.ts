import type { EventFeed, FeedToken } from '@fintech-ledger/event-feed';
import type { EventStore } from '@fintech-ledger/event-store';
import type { Database } from '@fintech-ledger/postgres';
import type { ProjectorObserver } from './observer';
import type { Decode, LinkOf } from './projection';
import type { FollowedProjection } from './rebuild/followed';

export interface LaneOptions<E> {
  readonly db: Database;
  readonly feed: EventFeed;
  /** Where a stream that is halted is read again. */
  readonly history: Pick<EventStore, 'readStream'>;
  readonly decode: Decode<E>;
  readonly linkOf?: LinkOf<E> | undefined;
  /** Each on the sides that are kept up to date. */
  readonly followed: readonly FollowedProjection<E>[];
  readonly after: FeedToken | undefined;
  readonly batchEventsMax: number;
  readonly observer: ProjectorObserver;
  /** When the event was recorded (ms), for the lag; null: not known. */
  readonly recordedMsOf: (event: E) => number | null;
  /** When the projector began (milliseconds since 1970): events from before are replayed, as far as traces go. */
  readonly sinceMs: number;
  /** Other processes apply other parts of the same feed, and parts move between them. */
  readonly isShared?: boolean;
}
