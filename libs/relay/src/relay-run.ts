import type { GlobalPosition, RecordedEvent } from '@fintech-ledger/event-store';
import { TopicMadeAnew } from '@fintech-ledger/kafka';
import { admit, parseBatch, SuspendedStreams } from '@fintech-ledger/projection-runtime';
import type { Advance, ChainHead, StreamHalt } from '@fintech-ledger/projection-runtime';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RelayCheckpoint } from './checkpoint';
import { failuresBeforeCheck, retryFirstMs, retryLastMs } from './limits';
import type { RelayObserver } from './observer';
import { recordBytes, splitRounds } from './split-rounds';
import type { StreamHeads } from './stream-heads';
import type { OpenTarget } from './target';

/** One passage from a checkpoint on: what was sent, what is skipped, which partitions have stopped, which streams stand still. */
export class RelayRun {
  private readonly sent: Map<number, bigint>;
  private readonly stopped = new Map<number, string>();
  private reached: RelayCheckpoint | undefined;
  /** Of the batch that is on its way. */
  private first: RecordedEvent | undefined;
  /** The first one that a partition stands still at. */
  private held: RecordedEvent | undefined;

  constructor(
    private readonly target: OpenTarget,
    private readonly from: RelayCheckpoint,
    /** What the topic has of each stream. */
    private readonly heads: Pick<StreamHeads, 'get' | 'set'>,
    private readonly observer: RelayObserver,
    private readonly signal: AbortSignal,
    /** Streams that do not go on where the topic's do. */
    readonly suspended: SuspendedStreams = new SuspendedStreams(),
  ) {
    this.sent = new Map(from.offsets);
  }

  /** The last place up to which everything is in the topic; undefined: no further than at the start. */
  get checkpoint(): RelayCheckpoint | undefined {
    return this.reached;
  }

  /** By partition, the offset after the last record that was acknowledged. */
  get offsets(): ReadonlyMap<number, bigint> {
    return this.sent;
  }

  /** By partition, why it stands still. */
  get stoppedPartitions(): ReadonlyMap<number, string> {
    return this.stopped;
  }

  /** The oldest event that was taken over and is not acknowledged (at most a batch older than that); undefined: there is none. */
  get oldestUnsent(): RecordedEvent | undefined {
    return this.held ?? this.first;
  }

  /**
   * Sends a batch of the store, whose streams' heads are loaded; returns when all of it is acknowledged, refused, skipped or passed over. Once a partition
   * has stopped, the checkpoint stays.
   * @returns the streams that do not go on where the topic's do, and stand still from now on
   */
  async relay(events: readonly RecordedEvent[], position: GlobalPosition): Promise<readonly StreamHalt[]> {
    this.first = events[0];
    const firsts = new Map<string, number>();
    for (const { stream, revision } of events) if (!firsts.has(stream)) firsts.set(stream, revision);
    const halts = await this.send(
      events,
      // Of a stream that was last sent before heads were noted, the first event is taken at its word.
      (stream) => this.heads.get(stream) ?? { revision: (firsts.get(stream) ?? 0) - 1, hash: undefined },
    );
    this.first = undefined;
    if (this.stopped.size === 0)
      this.reached = { position, offsets: new Map(this.sent), epoch: this.from.epoch };
    return halts;
  }

  /** Sends a page of one stream that is read again. @throws Error its partition stands still */
  async resend(
    page: readonly RecordedEvent[],
    head: ChainHead,
  ): Promise<{ readonly head: ChainHead; readonly cause?: unknown }> {
    const stream = page[0]?.stream ?? '';
    const stopped = this.stopped.get(this.target.partitionOf(stream));
    if (stopped !== undefined) throw new Error(stopped);
    const [halt] = await this.send(page, () => head, false);
    const reached = this.heads.get(stream) ?? head;
    return halt === undefined ? { head: reached } : { head: reached, cause: halt.cause };
  }

  private async send(
    events: readonly RecordedEvent[],
    headOf: (stream: string) => ChainHead,
    isPassing = true,
  ): Promise<readonly StreamHalt[]> {
    const parsed = parseBatch(events, (event) => event);
    const {
      events: next,
      advances,
      halts,
    } = admit(parsed, {
      isOurs: () => true,
      headOf,
      passOver: (stream, revision) => isPassing && this.suspended.passOver(stream, revision),
    });
    for (const { stream, revision } of halts) this.suspended.add(stream, revision);
    if (next.length < events.length) this.observer.skipped?.(events.length - next.length);
    for (const round of splitRounds(this.byPartition(next))) {
      const going = new Map([...round].filter(([partition]) => !this.stopped.has(partition)));
      if (going.size > 0) await this.sendPatiently(going);
    }
    this.note(advances);
    return halts;
  }

  /** A partition that has stopped has an unknown part of its events: the topic's tail will tell. */
  private note(advances: readonly Advance[]): void {
    for (const { stream, to, hash } of advances) {
      if (!this.stopped.has(this.target.partitionOf(stream))) this.heads.set(stream, { revision: to, hash });
    }
  }

  private byPartition(events: readonly RecordedEvent[]): Map<number, RecordedEvent[]> {
    const batches = new Map<number, RecordedEvent[]>();
    for (const event of events) {
      const partition = this.target.partitionOf(event.stream);
      const batch = batches.get(partition);
      if (batch === undefined) batches.set(partition, [event]);
      else batch.push(event);
    }
    return batches;
  }

  /** As long as the cluster is unavailable nothing else is sent, so that order holds. @throws the abort's reason · TopicMadeAnew */
  private async sendPatiently(round: ReadonlyMap<number, readonly RecordedEvent[]>): Promise<void> {
    const batches = this.withoutTooLarge(round);
    if (batches.size === 0) return;
    for (let failures = 0; ; failures += 1) {
      this.signal.throwIfAborted();
      const startedAt = performance.now();
      try {
        if (failures >= failuresBeforeCheck) await this.target.check(this.sent);
        const results = await this.target.send(batches);
        let events = 0;
        for (const [partition, result] of results) {
          const count = batches.get(partition)?.length ?? 0;
          if (result.kind === 'refused') this.stop(partition, result.event, result.reason);
          else {
            this.acknowledged(partition, result.nextOffset, count);
            events += count;
          }
        }
        this.observer.sent?.({ events, seconds: (performance.now() - startedAt) / 1_000 });
        return;
      } catch (error) {
        if (error instanceof TopicMadeAnew) throw error;
        const delayMs = Math.min(retryLastMs, retryFirstMs * 2 ** failures) * (0.5 + Math.random() / 2);
        this.observer.retrying?.(error, delayMs);
        await sleep(delayMs, undefined, { signal: this.signal }).catch(() => undefined);
      }
    }
  }

  /** Offsets only ever grow: where they don't, another topic has taken the name. */
  private acknowledged(partition: number, nextOffset: bigint, count: number): void {
    const before = this.sent.get(partition) ?? 0n;
    if (nextOffset - BigInt(count) < before) {
      throw new TopicMadeAnew(
        `partition ${partition} gave offset ${nextOffset - BigInt(count)} after ${before} records were acknowledged: the topic was made anew`,
      );
    }
    this.sent.set(partition, nextOffset);
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
