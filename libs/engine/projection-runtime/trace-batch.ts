import { metadataText } from '@fintech-ledger/envelope';
import { EventsByTrace, spans } from '@fintech-ledger/telemetry';
import type { MessagingPlace } from '@fintech-ledger/telemetry';
import type { Parsed } from './admit';
import type { FoldedPart } from './fold-batch';

export interface WrittenBatch<E> {
  readonly place: MessagingPlace;
  readonly parsed: readonly Parsed<E>[];
  readonly parts: readonly FoldedPart[];
  readonly recordedMsOf: (event: E) => number | null;
  /** Events from before are replayed: the projector began to read after they had been recorded. Milliseconds since 1970. */
  readonly sinceMs: number;
  readonly startedAtMs: number;
}

/**
 * Makes the spans of a batch that was just written. What each command made gets one in the command's own trace. What was recorded before the projector
 * began (it catches up, or rebuilds a read model) stays out of traces that have long ended, and is linked from a span of its own.
 */
export function traceBatch<E>({
  place,
  parsed,
  parts,
  recordedMsOf,
  sinceMs,
  startedAtMs,
}: WrittenBatch<E>): void {
  const isWritten = writtenOf(parts);
  const live = new EventsByTrace();
  const old = new EventsByTrace();
  for (const { event, decoded } of parsed) {
    if (decoded instanceof Error || !isWritten(event.stream, event.revision)) continue;
    const isOld = (recordedMsOf(decoded) ?? 0) < sinceMs;
    (isOld ? old : live).add(event.traceparent ?? metadataText(event.metadata, 'traceparent'), event);
  }
  for (const [traceparent, group] of live) spans.project(place, group, { traceparent }, startedAtMs)?.end();
  if (old.count > 0) spans.replay(place, old.count, old.traceparents, startedAtMs)?.end();
}

/** Which events any of the projections applied: duplicates were applied before, and had their spans then. */
function writtenOf(parts: readonly FoldedPart[]): (stream: string, revision: number) => boolean {
  const ranges = new Map<string, { from: number; to: number }>();
  for (const { advances } of parts) {
    for (const { stream, from, to } of advances) {
      const range = ranges.get(stream) ?? { from, to };
      ranges.set(stream, { from: Math.min(range.from, from), to: Math.max(range.to, to) });
    }
  }
  return (stream, revision) => {
    const range = ranges.get(stream);
    return range !== undefined && revision > range.from && revision <= range.to;
  };
}
