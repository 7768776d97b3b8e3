import type { RecordedEvent, Subscription } from '@fintech-ledger/event-store';

/**
 * At-least-once delivery, as after a reconnect: the order stays, but now and then the feed steps back and delivers events
 * again: from the batch before, from inside this one, or the whole of it.
 */
export function repeatingSubscription(
  inner: Subscription,
  repeats: () => boolean,
  random: () => number,
): Subscription {
  async function* batches(): AsyncGenerator<readonly RecordedEvent[], undefined> {
    let before: readonly RecordedEvent[] = [];
    for await (const batch of inner) {
      if (repeats()) yield [...lastOf(before, random), ...batch];
      else yield batch;
      if (repeats()) yield lastOf(batch, random);
      before = batch;
    }
  }
  return {
    passed: () => inner.passed?.(),
    close: () => inner.close(),
    [Symbol.asyncIterator]() {
      const iterator = batches();
      return {
        next: () => iterator.next(),
        async return() {
          await inner.close();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

/** One event or more from the end. */
function lastOf(events: readonly RecordedEvent[], random: () => number): readonly RecordedEvent[] {
  return events.slice(Math.floor(random() * events.length));
}
