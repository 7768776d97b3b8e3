import {
  decodeRecord,
  fetchBytesMax,
  fetchPartitionBytesMax,
  heartbeatMs,
  rebalanceTimeoutMs,
  RecordUnreadable,
  sessionTimeoutMs,
  withAdmin,
} from '@fintech-ledger/kafka';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FeedBatch, FeedEvent, FeedReader, FeedToken, OpenFeedOptions } from '../../port';
import { DeliveryQueue } from './delivery-queue';
import type { Delivery } from './delivery-queue';
import { offsetsOf, tokenOf } from './offsets-token';

export interface KafkaFeedOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  /** Readers of one group share the partitions. */
  readonly groupId: string;
  /** What an unknown type or version of an event is; a record of one stops its partition. */
  readonly isKnown: (type: string, version: number) => boolean;
  readonly onWarning?: (message: string, facts: object) => void;
}

const batchEventsDefault = 4_000;
const retryFirstMs = 200;
const retryLastMs = 5_000;

/**
 * Reads the partitions that its group gives it. A partition's next records are fetched when the projector has written the last ones, so a
 * partition changes hands with nothing on its way. Committed offsets are a hint; where a partition is met for the first time, the token decides
 * when it is behind them (the read models were restored or made anew).
 */
export class KafkaFeedReader implements FeedReader {
  private readonly queue = new DeliveryQueue();
  private readonly closing = new AbortController();
  private readonly unacknowledged: { readonly token: FeedToken; readonly deliveries: readonly Delivery[] }[] =
    [];
  private readonly broken = new Map<number, string>();
  private readonly start: ReadonlyMap<number, bigint>;
  private readonly met = new Set<number>();
  private consumer: Consumer | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly options: KafkaFeedOptions,
    private readonly opened: OpenFeedOptions,
  ) {
    this.start = offsetsOf(opened.after);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FeedBatch> {
    this.running ??= this.consume();
    while (!this.closing.signal.aborted) {
      const deliveries = await this.queue.take(this.batchEventsMax);
      const events = deliveries.flatMap((delivery) => delivery.events);
      if (deliveries.length === 0) continue;
      const token = tokenOf(new Map(deliveries.map(({ partition, nextOffset }) => [partition, nextOffset])));
      this.unacknowledged.push({ token, deliveries });
      if (events.length === 0) await this.acknowledge(token);
      else yield { events, token };
    }
  }

  async acknowledge(token: FeedToken): Promise<void> {
    const at = this.unacknowledged.findIndex((batch) => batch.token === token);
    for (const { deliveries } of this.unacknowledged.splice(0, at + 1)) {
      for (const delivery of deliveries) delivery.settle(true);
    }
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.queue.close();
    this.settleAll(false);
    await this.running;
  }

  private get batchEventsMax(): number {
    return this.opened.batchEventsMax ?? batchEventsDefault;
  }

  private settleAll(isDone: boolean): void {
    for (const { deliveries } of this.unacknowledged.splice(0)) {
      for (const delivery of deliveries) delivery.settle(isDone);
    }
  }

  /** The client comes back by itself after most failures; after the rest it is made anew. */
  private async consume(): Promise<void> {
    for (let failures = 0; !this.closing.signal.aborted; failures += 1) {
      try {
        await this.runConsumer(() => (failures = 0));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        this.options.onWarning?.('the consumer failed and is made anew', { reason: message });
        const delayMs = Math.min(retryLastMs, retryFirstMs * 2 ** failures);
        await sleep(delayMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
      }
    }
  }

  private async runConsumer(isGoingWell: () => void): Promise<void> {
    const { kafka, topic, groupId } = this.options;
    const consumer = kafka.consumer({
      groupId,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: rebalanceTimeoutMs,
      heartbeatInterval: heartbeatMs,
      maxBytes: fetchBytesMax,
      maxBytesPerPartition: fetchPartitionBytesMax,
      maxWaitTimeInMs: 500,
      allowAutoTopicCreation: false,
      // A failure that is not over in a moment ends the run: then a new consumer is made, for ever.
      retry: {
        initialRetryTime: 100,
        maxRetryTime: 1_000,
        retries: 5,
        restartOnFailure: () => Promise.resolve(false),
      },
    });
    this.consumer = consumer;
    const ended = new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
      this.closing.signal.addEventListener('abort', () => resolve());
    });
    ended.catch(() => undefined);
    try {
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      const committed = await this.committedOffsets();
      consumer.on('consumer.group_join', ({ payload }) => {
        isGoingWell();
        for (const partition of payload.memberAssignment[topic] ?? [])
          this.meet(consumer, partition, committed);
      });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: 64,
        eachBatch: (payload) => this.eachBatch(consumer, payload),
      });
      await ended;
    } finally {
      this.settleAll(false);
      await consumer.disconnect().catch(() => undefined);
    }
  }

  private async committedOffsets(): Promise<ReadonlyMap<number, bigint>> {
    const { kafka, topic, groupId } = this.options;
    const answer = await withAdmin(kafka, (admin) => admin.fetchOffsets({ groupId, topics: [topic] }));
    return new Map(
      (answer[0]?.partitions ?? []).map(({ partition, offset }) => [partition, BigInt(offset)] as const),
    );
  }

  private meet(consumer: Consumer, partition: number, committed: ReadonlyMap<number, bigint>): void {
    const { topic } = this.options;
    if (this.broken.has(partition)) consumer.pause([{ topic, partitions: [partition] }]);
    if (this.met.has(partition)) return;
    this.met.add(partition);
    const reached = this.start.get(partition) ?? 0n;
    // -1: never committed; the consumer then begins at the beginning by itself.
    if (reached < (committed.get(partition) ?? -1n)) {
      consumer.seek({ topic, partition, offset: String(reached) });
    }
  }

  private async eachBatch(consumer: Consumer, payload: EachBatchPayload): Promise<void> {
    const { partition, messages } = payload.batch;
    const { topic } = this.options;
    const settled: Promise<boolean>[] = [];
    let failure: string | undefined;
    let nextOffset = BigInt(payload.batch.firstOffset() ?? '0');
    for (let at = 0; at < messages.length && failure === undefined; at += this.batchEventsMax) {
      if (this.closing.signal.aborted || payload.isStale()) break;
      const events: FeedEvent[] = [];
      for (const message of messages.slice(at, at + this.batchEventsMax)) {
        try {
          const event = this.eventOf(message);
          if (event !== undefined) events.push(event);
        } catch (error) {
          if (!(error instanceof RecordUnreadable)) throw error;
          failure = `record ${message.offset} of partition ${partition} of topic ${topic}: ${error.message}`;
          break;
        }
        nextOffset = BigInt(message.offset) + 1n;
      }
      settled.push(this.deliver(partition, events, nextOffset));
    }
    const isDone = await this.whileAlive(payload, settled);
    if (!isDone) return;
    if (failure !== undefined) {
      this.halt(consumer, partition, failure);
      return;
    }
    payload.resolveOffset(payload.batch.lastOffset());
    // A hint, for lag tools and for a projector that gets the partition: a failure costs duplicates at most.
    await consumer
      .commitOffsets([{ topic, partition, offset: String(BigInt(payload.batch.lastOffset()) + 1n) }])
      .catch(() => undefined);
  }

  private eventOf(message: EachBatchPayload['batch']['messages'][number]): FeedEvent | undefined {
    const { version, ...event } = decodeRecord(message);
    if (!this.options.isKnown(event.type, version)) {
      throw new RecordUnreadable(
        `event ${event.stream}@${event.revision} (${event.id}) is of type ${event.type} version ${version}, which is not known: upgrade this process`,
      );
    }
    return this.opened.streamPrefixes.some((prefix) => event.stream.startsWith(prefix)) ? event : undefined;
  }

  private deliver(partition: number, events: readonly FeedEvent[], nextOffset: bigint): Promise<boolean> {
    return new Promise((settle) => this.queue.put({ partition, events, nextOffset, settle }));
  }

  /** Waits for the projector, with a sign of life every second. @returns whether all of it was written */
  private async whileAlive(
    payload: EachBatchPayload,
    settled: readonly Promise<boolean>[],
  ): Promise<boolean> {
    const all = Promise.all(settled);
    const timer = setInterval(() => {
      // A rebalance shows in `isStale`; a lost session ends the run.
      void payload.heartbeat().catch(() => undefined);
    }, heartbeatMs);
    try {
      return (await all).every((isDone) => isDone);
    } finally {
      clearInterval(timer);
    }
  }

  private halt(consumer: Consumer, partition: number, reason: string): void {
    if (this.broken.has(partition)) return;
    this.broken.set(partition, reason);
    consumer.pause([{ topic: this.options.topic, partitions: [partition] }]);
    this.opened.onBroken?.(reason);
  }
}
