import type { RecordedEvent } from '@fintech-ledger/event-store';
import { isTracing } from '@fintech-ledger/telemetry';
import { CompressionTypes, KafkaJSProtocolError, Partitioners } from 'kafkajs';
import type { Kafka, Message, Producer } from 'kafkajs';
import { requestTimeoutMs } from './limits';
import { encodeRecord } from './record';
import type { RecordMarks } from './record';
import { SendSpans } from './send-spans';

export type SendResult =
  | { readonly kind: 'stored'; readonly nextOffset: bigint }
  /** What was stored before `event` stays; `event` itself will never be. */
  | { readonly kind: 'refused'; readonly event: RecordedEvent; readonly reason: string };

/** The broker will not take such a record, however often it is sent. */
const refusals: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  'POLICY_VIOLATION',
]);

/**
 * Sends events to partitions of one topic, acknowledged by all replicas in sync. The client's idempotent mode is not used: what counts is that
 * nothing is sent after an event before it is acknowledged, so the first copy of each event is in order, and readers skip any other.
 */
export class RecordProducer {
  private readonly producer: Producer;

  constructor(
    kafka: Kafka,
    private readonly topic: string,
    private readonly compression: 'none' | 'gzip',
    /** Events from before (milliseconds since 1970) are sent again or late, as far as traces go. */
    private readonly sinceMs = Date.now(),
    private readonly marksOf: (stream: string) => RecordMarks | undefined = () => undefined,
  ) {
    this.producer = kafka.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
      maxInFlightRequests: 1,
    });
  }

  connect(): Promise<void> {
    return this.producer.connect();
  }

  close(): Promise<void> {
    return this.producer.disconnect();
  }

  /**
   * Stores events by partition, each partition's in order. After a failure any of them may be stored: they are to be sent again.
   * @throws any error of the cluster or the connection: trying again can help
   */
  async send(
    batches: ReadonlyMap<number, readonly RecordedEvent[]>,
  ): Promise<ReadonlyMap<number, SendResult>> {
    try {
      return await this.produce(batches);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return this.sendApart(batches, error);
    }
  }

  /** Finds which partition, and in it which event, is refused: others must not wait for it. */
  private async sendApart(
    batches: ReadonlyMap<number, readonly RecordedEvent[]>,
    refusal: Error,
  ): Promise<ReadonlyMap<number, SendResult>> {
    const results = new Map<number, SendResult>();
    for (const [partition, events] of batches) {
      const [first, second] = events;
      if (first === undefined) continue;
      if (batches.size === 1 && second === undefined) {
        return new Map([[partition, { kind: 'refused', event: first, reason: refusal.message }]]);
      }
      const half = batches.size > 1 ? events.length : Math.ceil(events.length / 2);
      for (const part of [events.slice(0, half), events.slice(half)]) {
        if (part.length === 0) continue;
        const result = (await this.send(new Map([[partition, part]]))).get(partition);
        if (result !== undefined) results.set(partition, result);
        if (result?.kind === 'refused') break;
      }
    }
    return results;
  }

  private async produce(
    batches: ReadonlyMap<number, readonly RecordedEvent[]>,
  ): Promise<ReadonlyMap<number, SendResult>> {
    if (!isTracing()) return this.produceRecords(batches);
    const spans = new SendSpans(this.topic, batches, new Date(this.sinceMs).toISOString());
    try {
      const results = await this.produceRecords(batches, spans);
      spans.end();
      return results;
    } catch (error) {
      spans.fail(error);
      throw error;
    }
  }

  private async produceRecords(
    batches: ReadonlyMap<number, readonly RecordedEvent[]>,
    spans?: SendSpans,
  ): Promise<ReadonlyMap<number, SendResult>> {
    const messages: Message[] = [];
    for (const [partition, events] of batches) {
      for (const event of events)
        messages.push({
          ...encodeRecord(event, spans?.traceparentOf(event), this.marksOf(event.stream)),
          partition,
        });
    }
    const stored = await this.producer.send({
      topic: this.topic,
      acks: -1,
      timeout: requestTimeoutMs,
      compression: this.compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None,
      messages,
    });
    const results = new Map<number, SendResult>();
    for (const { partition, baseOffset } of stored) {
      const count = BigInt(batches.get(partition)?.length ?? 0);
      results.set(partition, { kind: 'stored', nextOffset: BigInt(baseOffset ?? '0') + count });
    }
    if (results.size !== batches.size)
      throw new Error(`${this.topic}: a broker left partitions out of its answer`);
    return results;
  }
}

function isRefusal(error: unknown): error is Error {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof KafkaJSProtocolError && refusals.has(cause.type)) return true;
  }
  return false;
}
