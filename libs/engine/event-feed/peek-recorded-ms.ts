import type { EventStore, GlobalPosition } from '@fintech-ledger/event-store';

/** How long the store may take to give an event; when there is none, it gives none for as long. */
const peekMs = 1_000;
const skippedMax = 1_000;

/**
 * When the first event after a position was recorded (milliseconds since 1970); null: there is none.
 * @param skipped so many events are passed over (up to a bound)
 */
export async function peekRecordedMs(
  store: Pick<EventStore, 'subscribe'>,
  streamPrefixes: readonly string[],
  after: GlobalPosition | undefined,
  skipped = 0,
): Promise<number | null> {
  let left = Math.min(skipped, skippedMax);
  const subscription = store.subscribe({
    streamPrefixes,
    batchEventsMax: left + 1,
    ...(after === undefined ? {} : { after }),
  });
  const timer = setTimeout(() => void subscription.close(), peekMs);
  try {
    for await (const events of subscription) {
      const event = events[left];
      if (event !== undefined) return recordedMs(event.metadata);
      left -= events.length;
    }
    return null;
  } finally {
    clearTimeout(timer);
    await subscription.close();
  }
}

function recordedMs(metadata: string): number | null {
  const { recordedAt = '' } = JSON.parse(metadata) as { readonly recordedAt?: string };
  const ms = Date.parse(recordedAt);
  return Number.isNaN(ms) ? null : ms;
}
