import type { SendResult, Tail } from '@fintech-ledger/kafka';
import type { RecordedEvent } from '@fintech-ledger/event-store';

/** Where a relay sends to, opened. */
export interface OpenTarget {
  readonly partitions: number;
  /** The largest record (bytes) that is taken. */
  readonly recordBytesMax: number;
  partitionOf(stream: string): number;
  /** What was sent after these offsets. @throws TopicInvalid */
  tailAfter(offsets: ReadonlyMap<number, bigint>): Promise<Tail>;
  /** @throws whatever trying again can cure */
  send(batches: ReadonlyMap<number, readonly RecordedEvent[]>): Promise<ReadonlyMap<number, SendResult>>;
  close(): Promise<void>;
}

export interface RelayTarget {
  readonly topic: string;
  /** @throws TopicInvalid */
  open(): Promise<OpenTarget>;
}
