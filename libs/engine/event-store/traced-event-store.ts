import { metadataText } from '@fintech-ledger/envelope';
import { spans } from '@fintech-ledger/telemetry';
import type { OpenSpan } from '@fintech-ledger/telemetry';
import type { AppendResult, EventStore, EventToAppend } from './port';

/**
 * Any event store, with a span of each append for every command whose events are in it: many share one, and each command's trace shows how long it waited for
 * the store. An append that is sent again after an unknown outcome has spans of its own.
 * @param system what the store is, such as `postgresql`
 */
export function tracedEventStore(store: EventStore, system: string): EventStore {
  return {
    async append(stream, expected, events): Promise<AppendResult> {
      const open = appendSpans(system, stream, events);
      if (open.length === 0) return store.append(stream, expected, events);
      try {
        const result = await store.append(stream, expected, events);
        for (const span of open) span.end();
        return result;
      } catch (error) {
        for (const span of open) span.fail(error);
        throw error;
      }
    },
    readStream: (stream, options) => store.readStream(stream, options),
    subscribe: (options) => store.subscribe(options),
    countAfter: (position) => store.countAfter(position),
    lastPosition: () => store.lastPosition(),
    limits: store.limits,
    close: () => store.close(),
  };
}

function appendSpans(system: string, stream: string, events: readonly EventToAppend[]): readonly OpenSpan[] {
  const counts = new Map<string, number>();
  for (const { metadata } of events) {
    const traceparent = metadataText(metadata, 'traceparent');
    if (traceparent !== undefined) counts.set(traceparent, (counts.get(traceparent) ?? 0) + 1);
  }
  return [...counts].flatMap(
    ([traceparent, count]) => spans.append(system, { stream, count }, { traceparent }) ?? [],
  );
}
