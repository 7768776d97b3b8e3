import { jitteredPauseAfter } from '@fintech-ledger/contract';
import { metadataText } from '@fintech-ledger/envelope';
import type { GlobalPosition, RecordedEvent } from '@fintech-ledger/event-store';
import { TopicMadeAnew } from '@fintech-ledger/kafka';
import { admit, parseBatch, SuspendedStreams } from '@fintech-ledger/projection-runtime';
import type { Advance, ChainHead, StreamHalt } from '@fintech-ledger/projection-runtime';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RelayCheckpoint } from './checkpoint';
import { failuresBeforeCheck, retryFirstMs, retryLastMs } from './limits';
import type { RelayObserver } from './observer';
import { RecordRefused } from './record-refused';
import { streamsAsLarge, withoutStreams } from './refused-streams';
import { recordBytes, splitRounds } from './split-rounds';
import type { StreamHeads } from './stream-heads';
import type { OpenTarget } from './target';

const nothingRefused = { bytes: Infinity, reason: '' };

/** One passage from a checkpoint on: what was sent, what is skipped, which streams are halted. */
export class RelayRun {
  private readonly sent: Map<number, bigint>;
  private reached: RelayCheckpoint | undefined;
  /** Of the batch that is on its way. */
  private first: RecordedEvent | undefined;
  /** Of the batch that is on its way. */
  private smallestRefused = nothingRefused;
  /** By stream, the event that Kafka refused. */
  private readonly refused = new Map<string, RecordedEvent>();

  constructor(
    private readonly target: OpenTarget,
    private readonly from: RelayCheckpoint,
    /** What the topic has of each stream. */
    private readonly heads: Pick<StreamHeads, 'get' | 'set'>,
    private readonly observer: RelayObserver,
    private readonly signal: AbortSignal,
    /** Streams that are halted. */
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

  /** The oldest event that was taken over and is not acknowledged (at most a batch older than that); undefined: there is none. */
  get oldestUnsent(): RecordedEvent | undefined {
    const [refused] = this.refused.values();
    return refused ?? this.first;
  }

  /**
   * Sends a batch of the store, whose streams' heads are loaded; returns when all of it is acknowledged, skipped or passed over.
   * @param halted writes down which streams are halted from now on, before the checkpoint passes them: they do not go on where the topic's do, or Kafka
   *   refused a record of theirs
   */
  async relay(
    events: readonly RecordedEvent[],
    position: GlobalPosition,
    halted: (halts: readonly StreamHalt[]) => Promise<void>,
  ): Promise<void> {
    this.first = events[0];
    const firsts = new Map<string, number>();
    for (const { stream, revision } of events) if (!firsts.has(stream)) firsts.set(stream, revision);
    const halts = await this.send(
      events,
      // Of a stream that was last sent before heads were noted, the first event is taken at its word.
      (stream) => this.heads.get(stream) ?? { revision: (firsts.get(stream) ?? 0) - 1, hash: undefined },
    );
    if (halts.length > 0) await halted(halts);
    this.first = undefined;
    this.reached = { position, offsets: new Map(this.sent), epoch: this.from.epoch };
  }

  /** Sends a page of one stream that is read again. */
  async resend(
    page: readonly RecordedEvent[],
    head: ChainHead,
  ): Promise<{ readonly head: ChainHead; readonly cause?: unknown }> {
    const stream = page[0]?.stream ?? '';
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
    if (next.length < events.length) this.observer.skipped?.(events.length - next.length);
    const refusals = new Map<string, StreamHalt>();
    this.smallestRefused = nothingRefused;
    for (const round of splitRounds(this.byPartition(next))) await this.sendPatiently(round, refusals);
    this.note(advances, next, refusals);
    const all = [...halts.filter(({ stream }) => !refusals.has(stream)), ...refusals.values()];
    for (const { stream, revision } of all) this.suspended.add(stream, revision);
    return all;
  }

  /** Of a stream at which a record was refused, the topic has what came before it. */
  private note(
    advances: readonly Advance[],
    events: readonly RecordedEvent[],
    refusals: ReadonlyMap<string, StreamHalt>,
  ): void {
    for (const { stream, to, hash } of advances) {
      const refusal = refusals.get(stream);
      if (refusal === undefined) {
        this.heads.set(stream, { revision: to, hash });
        this.refused.delete(stream);
        continue;
      }
      this.suspended.add(stream, to);
      const last = events.find((event) => event.stream === stream && event.revision === refusal.revision - 1);
      if (last !== undefined)
        this.heads.set(stream, { revision: last.revision, hash: metadataText(last.metadata, 'hash') });
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

  /**
   * As long as the cluster is unavailable nothing else is sent, so that order holds. What follows a refused record in its stream is left out.
   * @throws the abort's reason · TopicMadeAnew
   */
  private async sendPatiently(
    round: ReadonlyMap<number, readonly RecordedEvent[]>,
    refusals: Map<string, StreamHalt>,
  ): Promise<void> {
    let batches = withoutStreams(round, refusals);
    for (let failures = 0; batches.size > 0;) {
      this.signal.throwIfAborted();
      try {
        if (failures >= failuresBeforeCheck) await this.target.check(this.sent);
        const before = refusals.size;
        batches = withoutStreams(await this.sendOnce(batches, refusals), refusals);
        if (refusals.size > before && refusals.size > 1) batches = this.withoutAsLarge(batches, refusals);
        failures = 0;
      } catch (error) {
        if (error instanceof TopicMadeAnew) throw error;
        const delayMs = jitteredPauseAfter(failures, retryFirstMs, retryLastMs);
        failures += 1;
        this.observer.retrying?.(error, delayMs);
        await sleep(delayMs, undefined, { signal: this.signal }).catch(() => undefined);
      }
    }
  }

  private withoutAsLarge(
    batches: ReadonlyMap<number, readonly RecordedEvent[]>,
    refusals: Map<string, StreamHalt>,
  ): ReadonlyMap<number, readonly RecordedEvent[]> {
    for (const { first, event } of streamsAsLarge(batches, this.smallestRefused.bytes)) {
      const { stream, revision } = first;
      this.refused.set(stream, first);
      const cause = new RecordRefused(event, this.smallestRefused.reason, this.target.recordBytesMax);
      refusals.set(stream, { stream, revision, cause });
    }
    return withoutStreams(batches, refusals);
  }

  /** @returns by partition, what comes after a refused record */
  private async sendOnce(
    batches: ReadonlyMap<number, readonly RecordedEvent[]>,
    refusals: Map<string, StreamHalt>,
  ): Promise<ReadonlyMap<number, readonly RecordedEvent[]>> {
    const startedAt = performance.now();
    const results = await this.target.send(batches);
    const rest = new Map<number, readonly RecordedEvent[]>();
    let count = 0;
    for (const [partition, result] of results) {
      const events = batches.get(partition) ?? [];
      if (result.kind === 'stored') {
        this.acknowledged(partition, result.nextOffset, events.length);
        count += events.length;
        continue;
      }
      const { event, reason } = result;
      const at = events.findIndex(({ id }) => id === event.id);
      count += at;
      rest.set(partition, events.slice(at + 1));
      this.refused.set(event.stream, event);
      const bytes = recordBytes(event);
      if (bytes < this.smallestRefused.bytes) this.smallestRefused = { bytes, reason };
      const cause = new RecordRefused(event, reason, this.target.recordBytesMax);
      refusals.set(event.stream, { stream: event.stream, revision: event.revision, cause });
    }
    this.observer.sent?.({ events: count, seconds: (performance.now() - startedAt) / 1_000 });
    return rest;
  }

  /** Offsets only ever grow: where they don't, another topic has taken the name. */
  private acknowledged(partition: number, nextOffset: bigint, count: number): void {
    const before = this.sent.get(partition) ?? 0n;
    if (nextOffset - BigInt(count) < before) {
      throw new TopicMadeAnew(
        `partition ${partition} gave offset ${nextOffset - BigInt(count)} after ${before} records were acknowledged: the topic was recreated`,
      );
    }
    this.sent.set(partition, nextOffset);
  }
}
