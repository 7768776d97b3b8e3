import { isSampled } from './trace-context';
import type { TracedEvents } from './spans';

/** Gathers events by the command that made them: they share its place in its trace, and so they share a span. */
export class EventsByTrace {
  private readonly groups = new Map<string, TracedEvents>();
  /** How many events there are, without those of traces that are not sampled. */
  count = 0;

  /** @param traceparent where the event comes from; nothing is gathered of what is not sampled */
  add(traceparent: string | undefined, event: Omit<TracedEvents, 'count'>): void {
    if (traceparent === undefined) return;
    const group = this.groups.get(traceparent);
    if (group === undefined && !isSampled(traceparent)) return;
    this.count += 1;
    const { stream, id, type, revision } = group ?? event;
    this.groups.set(traceparent, { stream, id, type, revision, count: (group?.count ?? 0) + 1 });
  }

  /** With the `traceparent` of each. */
  [Symbol.iterator](): Iterator<readonly [string, TracedEvents]> {
    return this.groups.entries();
  }

  get traceparents(): readonly string[] {
    return [...this.groups.keys()];
  }
}
