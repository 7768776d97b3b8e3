import { metadataText } from '@fintech-ledger/envelope';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { EventsByTrace, spans } from '@fintech-ledger/telemetry';
import type { OpenSpan } from '@fintech-ledger/telemetry';

/**
 * The spans of one request to the brokers. Each command's events get one in the command's own trace, and the records carry it on. Events from before
 * `since` (RFC 3339) are sent again or late: they stay out of traces that have long ended, and are linked from a span of their own.
 */
export class SendSpans {
  private readonly open: OpenSpan[] = [];
  private readonly byCommand = new Map<string, string>();

  constructor(topic: string, batches: ReadonlyMap<number, readonly RecordedEvent[]>, since: string) {
    const old = new EventsByTrace();
    for (const [partition, events] of batches) {
      const live = new EventsByTrace();
      for (const event of events) {
        const isOld = (metadataText(event.metadata, 'recordedAt') ?? '') < since;
        (isOld ? old : live).add(metadataText(event.metadata, 'traceparent'), event);
      }
      for (const [traceparent, group] of live) {
        const span = spans.send(topic, partition, group, { traceparent });
        if (span === undefined) continue;
        this.open.push(span);
        this.byCommand.set(traceparent, span.context.traceparent);
      }
    }
    const span = old.count === 0 ? undefined : spans.resend(topic, old.count, old.traceparents);
    if (span !== undefined) this.open.push(span);
  }

  /** What the record of this event carries; undefined: what the event has. */
  traceparentOf({ metadata }: RecordedEvent): string | undefined {
    const traceparent = metadataText(metadata, 'traceparent');
    return traceparent === undefined ? undefined : this.byCommand.get(traceparent);
  }

  end(): void {
    for (const span of this.open) span.end();
  }

  fail(error: unknown): void {
    for (const span of this.open) span.fail(error);
  }
}
