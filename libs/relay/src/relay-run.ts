import type { GlobalPosition, RecordedEvent } from '@fintech-ledger/event-store';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RelayCheckpoint } from './checkpoint';
import { retryFirstMs, retryLastMs } from './limits';
import type { RelayObserver } from './observer';
import { recordBytes, splitRounds } from './split-rounds';
import type { OpenTarget } from './target';

/** One passage from a checkpoint on: what was sent, what is skipped, which partitions have stopped. */
export class RelayRun {
  private readonly offsets: Map<number, bigint>;
  private readonly stopped = new Map<number, string>();
  private reached: RelayCheckpoint | undefined;
  /** Of the batch that is on its way. */
  private first: RecordedEvent | undefined;
  /** The first one that a partition stands still at. */
  private held: RecordedEvent | undefined;

  constructor(
    private readonly target: OpenTarget,
    from: RelayCheckpoint | undefined,
    /** By partition, by stream: what the topic has already. */
    private readonly known: ReadonlyMap<number, ReadonlyMap<string, number>>,
    private readonly observer: RelayObserver,
    private readonly signal: AbortSignal,
  ) {
    this.offsets = new Map(from?.offsets);
  }

  /** The last place up to which everything is in the topic; undefined: no further than at the start. */
  get checkpoint(): RelayCheckpoint | undefined {
    return this.reached;
  }

  /** By partition, why it stands still. */
  get stoppedPartitions(): ReadonlyMap<number, string> {
    return this.stopped;
  }

  /** The oldest event that was taken over and is not acknowledged (at most a batch older than that); undefined: there is none. */
  get oldestUnsent(): RecordedEvent | undefined {
    return this.held ?? this.first;
  }

  /** Sends a batch of the store; returns when all of it is acknowledged, refused or skipped. Once a partition has stopped, the checkpoint stays. */
  async relay(events: readonly RecordedEvent[], position: GlobalPosition): Promise<void> {
    this.first = events[0];
    for (const round of splitRounds(this.admit(events))) {
      const going = new Map([...round].filter(([partition]) => !this.stopped.has(partition)));
      if (going.size > 0) await this.sendPatiently(going);
    }
    this.first = undefined;
    if (this.stopped.size === 0) this.reached = { position, offsets: new Map(this.offsets) };
  }

  private admit(events: readonly RecordedEvent[]): Map<number, RecordedEvent[]> {
    const batches = new Map<number, RecordedEvent[]>();
    let skipped = 0;
    for (const event of events) {
      const partition = this.target.partitionOf(event.stream);
      if (event.revision <= (this.known.get(partition)?.get(event.stream) ?? -1)) {
        skipped += 1;
        continue;
      }
      const batch = batches.get(partition);
      if (batch === undefined) batches.set(partition, [event]);
      else batch.push(event);
    }
    if (skipped > 0) this.observer.skipped?.(skipped);
    return batches;
  }

  /** As long as the cluster is away nothing else is sent, so that order holds. @throws the abort's reason */
  private async sendPatiently(round: ReadonlyMap<number, readonly RecordedEvent[]>): Promise<void> {
    const batches = this.withoutTooLarge(round);
    if (batches.size === 0) return;
    for (let failures = 0; ; failures += 1) {
      this.signal.throwIfAborted();
      const startedAt = performance.now();
      try {
        const results = await this.target.send(batches);
        let events = 0;
        for (const [partition, result] of results) {
          if (result.kind === 'refused') this.stop(partition, result.event, result.reason);
          else {
            this.offsets.set(partition, result.nextOffset);
            events += batches.get(partition)?.length ?? 0;
          }
        }
        this.observer.sent?.({ events, seconds: (performance.now() - startedAt) / 1_000 });
        return;
      } catch (error) {
        const delayMs = Math.min(retryLastMs, retryFirstMs * 2 ** failures) * (0.5 + Math.random() / 2);
        this.observer.retrying?.(error, delayMs);
        await sleep(delayMs, undefined, { signal: this.signal }).catch(() => undefined);
      }
    }
  }

  /** What the topic would not take is not sent: the reason can name it, and the events before it are stored. */
  private withoutTooLarge(
    round: ReadonlyMap<number, readonly RecordedEvent[]>,
  ): ReadonlyMap<number, readonly RecordedEvent[]> {
    const batches = new Map<number, readonly RecordedEvent[]>();
    for (const [partition, events] of round) {
      const at = events.findIndex((event) => recordBytes(event) > this.target.recordBytesMax);
      const event = events[at];
      if (event === undefined) batches.set(partition, events);
      else {
        if (at > 0) batches.set(partition, events.slice(0, at));
        const reason = `the record has ${recordBytes(event)} bytes, the topic takes ${this.target.recordBytesMax}: raise its max.message.bytes`;
        this.stop(partition, event, reason);
      }
    }
    return batches;
  }

  private stop(partition: number, event: RecordedEvent, reason: string): void {
    this.held ??= event;
    this.stopped.set(
      partition,
      `partition ${partition} stands still at ${event.stream}@${event.revision} (${event.type}, ${event.id}): ${reason}`,
    );
    this.observer.stopped?.({ partition, event, reason });
  }
}
