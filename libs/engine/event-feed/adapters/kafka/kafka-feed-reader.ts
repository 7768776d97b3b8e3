import { messageOf, pauseAfter } from '@fintech-ledger/contract';
import { decodeRecord, epochOf, partitionOf, RecordUnreadable } from '@fintech-ledger/kafka';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FeedBatch, FeedEvent, FeedReader, FeedToken, OpenFeedOptions } from '../../port';
import { beginningsOf } from './beginnings';
import { consumerConfig } from './consumer-config';
import { DeliveryQueue } from './delivery-queue';
import type { Delivery } from './delivery-queue';
import { tokenOf } from './offsets-token';
import { unreadableRecord } from './unreadable-record';
import { whileAlive } from './while-alive';

export interface KafkaFeedOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  /** Readers of one group share the partitions. */
  readonly groupId: string;
  readonly onWarning?: (message: string, facts: object) => void;
}

const batchEventsDefault = 4_000;
const retryFirstMs = 200;
const retryLastMs = 5_000;
const leaveMsMax = 5_000;

/**
 * Reads the partitions that its group gives it. A partition's next records are fetched when the projector has written the last ones, so a
 * partition changes hands with nothing on its way. Where it begins in partitions that it is given: see `beginningsOf`.
 */
export class KafkaFeedReader implements FeedReader {
  private readonly queue = new DeliveryQueue();
  private readonly closing = new AbortController();
  private readonly unacknowledged: { readonly token: FeedToken; readonly deliveries: readonly Delivery[] }[] =
    [];
  private assigned: ReadonlySet<number> = new Set();
  private partitions = 0;
  private readonly batchEventsMax: number;
  /** By partition, which making of the topic is read. */
  private readonly epochs = new Map<number, number>();
  /** How often partitions were given out, or had no reader any more. */
  private joins = 0;
  private consumer: Consumer | undefined;
  private heardMs = Date.now();
  private running: Promise<void> | undefined;

  constructor(
    private readonly options: KafkaFeedOptions,
    private readonly opened: OpenFeedOptions,
  ) {
    this.batchEventsMax = opened.batchEventsMax ?? batchEventsDefault;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FeedBatch> {
    this.running ??= this.consume();
    while (!this.closing.signal.aborted) {
      const deliveries = await this.queue.take(this.batchEventsMax);
      const events = deliveries.flatMap((delivery) => delivery.events);
      if (deliveries.length === 0) continue;
      const token = tokenOf(
        new Map(deliveries.map(({ partition, nextOffset: offset, epoch }) => [partition, { offset, epoch }])),
      );
      this.unacknowledged.push({ token, deliveries });
      yield { events, token };
    }
  }

  async acknowledge(token: FeedToken): Promise<void> {
    const at = this.unacknowledged.findIndex((batch) => batch.token === token);
    for (const { deliveries } of this.unacknowledged.splice(0, at + 1)) {
      for (const delivery of deliveries) delivery.settle(true);
    }
  }

  /** A stream is looked after by whoever has its partition. */
  owns(stream: string): boolean {
    return this.partitions > 0 && this.assigned.has(partitionOf(stream, this.partitions));
  }

  /** Fetches and heartbeats; a reader without a partition has only the latter. */
  heardAtMs(): number {
    return this.heardMs;
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.queue.close();
    this.settleAll(false);
    // Kafka answers late while the group is being balanced, and nothing depends on that answer.
    await Promise.race([this.running, sleep(leaveMsMax, undefined, { ref: false })]);
  }

  private settleAll(isDone: boolean): void {
    for (const { deliveries } of this.unacknowledged.splice(0)) {
      for (const delivery of deliveries) delivery.settle(isDone);
    }
  }

  /** The client recovers automatically after most failures; after the rest it is recreated. */
  private async consume(): Promise<void> {
    for (let failures = 0; !this.closing.signal.aborted; failures += 1) {
      try {
        await this.runConsumer(() => (failures = 0));
      } catch (error) {
        this.options.onWarning?.('the consumer failed and is recreated', { reason: messageOf(error) });
        const delayMs = pauseAfter(failures, retryFirstMs, retryLastMs);
        await sleep(delayMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
      }
    }
  }

  private async runConsumer(isGoingWell: () => void): Promise<void> {
    const { kafka, topic, groupId } = this.options;
    const consumer = kafka.consumer(consumerConfig(groupId));
    this.consumer = consumer;
    let fail: (error: unknown) => void = () => undefined;
    const ended = new Promise<void>((resolve, reject) => {
      fail = reject;
      this.closing.signal.addEventListener('abort', () => resolve());
    });
    consumer.on('consumer.crash', ({ payload }) => {
      this.joins += 1;
      fail(payload.error);
    });
    ended.catch(() => undefined);
    try {
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      const heard = (): void => void (this.heardMs = Date.now());
      consumer.on('consumer.heartbeat', heard);
      consumer.on('consumer.fetch', heard);
      consumer.on('consumer.group_join', ({ payload }) => {
        heard();
        isGoingWell();
        const assigned = payload.memberAssignment[topic] ?? [];
        this.assigned = new Set(assigned);
        // What can't begin would be paused for ever.
        this.begin(consumer, [...assigned]).catch(fail);
      });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: 64,
        eachBatch: (payload) => this.eachBatch(consumer, payload),
      });
      await ended;
    } finally {
      // What it had begun is nobody's any more.
      this.joins += 1;
      this.settleAll(false);
      await consumer.disconnect().catch(() => undefined);
    }
  }

  /** Nothing of partitions that were given out is fetched before it is known where all stand in them. */
  private async begin(consumer: Consumer, partitions: number[]): Promise<void> {
    const { topic } = this.options;
    const join = (this.joins += 1);
    consumer.pause([{ topic, partitions }]);
    const found = await this.beginnings(partitions, () => join === this.joins);
    if (found === undefined) return;
    this.partitions = found.partitions;
    for (const { partition, epoch, offset } of found.beginnings) {
      if (epoch === undefined) this.epochs.delete(partition);
      else this.epochs.set(partition, epoch);
      if (offset !== undefined) consumer.seek({ topic, partition, offset: String(offset) });
    }
    consumer.resume([{ topic, partitions }]);
  }

  /** It keeps its partitions while it can't know. @returns undefined: that is not asked any more */
  private async beginnings(
    partitions: readonly number[],
    isAsked: () => boolean,
  ): Promise<Awaited<ReturnType<typeof beginningsOf>> | undefined> {
    const { signal } = this.closing;
    for (let failures = 0; ; failures += 1) {
      const found = await beginningsOf(this.options, this.opened, partitions).catch(messageOf);
      if (signal.aborted || !isAsked()) return undefined;
      if (typeof found !== 'string') return found;
      this.options.onWarning?.('where to begin in the topic is asked again', { reason: found });
      const restMs = pauseAfter(failures, retryFirstMs, retryLastMs);
      await sleep(restMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async eachBatch(consumer: Consumer, payload: EachBatchPayload): Promise<void> {
    const { partition, messages } = payload.batch;
    const { topic } = this.options;
    if (this.closing.signal.aborted || payload.isStale()) return;
    // From its beginning, so that nothing of it is left out; what is known is skipped.
    if (this.isOfAnother(partition, messages) && payload.batch.firstOffset() !== '0') {
      consumer.seek({ topic, partition, offset: '0' });
      return;
    }
    const { joins } = this;
    const settled: Promise<boolean>[] = [];
    for (let at = 0; at < messages.length; at += this.batchEventsMax) {
      const some = messages.slice(at, at + this.batchEventsMax);
      const events = some.map((message) => this.eventOf(partition, message));
      const nextOffset = BigInt(some.at(-1)?.offset ?? payload.batch.lastOffset()) + 1n;
      const readable = events.filter((event) => event !== undefined);
      settled.push(this.deliver(partition, readable, nextOffset));
    }
    const isDone = await whileAlive(payload, settled);
    // What was not written is fetched again; where partitions were given out meanwhile it was said where to go on.
    if (!isDone || joins !== this.joins) return;
    payload.resolveOffset(payload.batch.lastOffset());
    // A hint, for lag tools and for a projector that gets the partition: a failure costs duplicates at most.
    await consumer
      .commitOffsets([{ topic, partition, offset: String(BigInt(payload.batch.lastOffset()) + 1n) }])
      .catch(() => undefined);
  }

  /** The relay numbers the topics that it has made under this name. A later one's records say so from some record on. */
  private isOfAnother(partition: number, messages: EachBatchPayload['batch']['messages']): boolean {
    const known = this.epochs.get(partition);
    const epoch = Math.max(known ?? 0, ...messages.map(({ headers }) => epochOf(headers)));
    this.epochs.set(partition, epoch);
    return known !== undefined && epoch > known;
  }

  /** A record that is damaged keeps its stream from going on, and no other; one that names no stream of ours is nobody's. */
  private eventOf(
    partition: number,
    message: EachBatchPayload['batch']['messages'][number],
  ): FeedEvent | undefined {
    const { topic } = this.options;
    const isOurs = (stream: string): boolean =>
      this.opened.streamPrefixes.some((prefix) => stream.startsWith(prefix));
    try {
      const { version: _version, epoch: _epoch, ...event } = decodeRecord(message);
      return isOurs(event.stream) ? event : undefined;
    } catch (error) {
      if (!(error instanceof RecordUnreadable)) throw error;
      const reason = `record ${message.offset} of partition ${partition} of topic ${topic}: ${error.message}`;
      const unreadable = unreadableRecord(message, reason);
      if (unreadable !== undefined && isOurs(unreadable.stream)) return unreadable;
      this.opened.onForeign?.(reason);
      return undefined;
    }
  }

  private deliver(partition: number, events: readonly FeedEvent[], nextOffset: bigint): Promise<boolean> {
    const epoch = this.epochs.get(partition) ?? 0;
    return new Promise((settle) => this.queue.put({ partition, events, nextOffset, epoch, settle }));
  }
}
