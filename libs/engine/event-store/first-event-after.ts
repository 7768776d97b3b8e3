import type { EventStore, GlobalPosition, RecordedEvent } from './port';

/** Events that are passed over at most. */
const skippedMax = 1_000;

export interface FirstEventOptions {
  readonly streamPrefixes: readonly string[];
  /** Absent: from the first event of the store on. */
  readonly after?: GlobalPosition | undefined;
  /** So many events are passed over, up to a bound. */
  readonly skipped?: number;
  /** How long the store may take. */
  readonly waitMs: number;
}

/**
 * The first event after a position. Undefined: none came in that time, because there is none, or because the store did
 * not answer.
 */
export async function firstEventAfter(
  store: Pick<EventStore, 'subscribe'>,
  { streamPrefixes, after, skipped = 0, waitMs }: FirstEventOptions,
): Promise<RecordedEvent | undefined> {
  let left = Math.min(skipped, skippedMax);
  const subscription = store.subscribe({
    streamPrefixes,
    batchEventsMax: left + 1,
    ...(after === undefined ? {} : { after }),
  });
  const timer = setTimeout(() => void subscription.close(), waitMs);
  try {
    for await (const events of subscription) {
      const event = events[left];
      if (event !== undefined) return event;
      left -= events.length;
    }
    return undefined;
  } finally {
    clearTimeout(timer);
    await subscription.close();
  }
}
