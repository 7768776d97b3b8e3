import type { RecordMarks, SendResult, Tail } from '@fintech-ledger/kafka';
import type { RecordedEvent } from '@fintech-ledger/event-store';

/** Where a relay sends to, opened. */
export interface OpenTarget {
  readonly partitions: number;
  /** The largest record (bytes) that was taken when it was opened. */
  readonly recordBytesMax: number;
  partitionOf(stream: string): number;
  /** What was sent after these offsets, to this making of the topic. @throws TopicMadeAnew */
  tailAfter(offsets: ReadonlyMap<number, bigint>, epoch: number): Promise<Tail>;
  /** Whether the topic still has what was acknowledged up to these offsets. @throws TopicMadeAnew */
  check(offsets: ReadonlyMap<number, bigint>): Promise<void>;
  /** @throws whatever trying again can cure */
  send(batches: ReadonlyMap<number, readonly RecordedEvent[]>): Promise<ReadonlyMap<number, SendResult>>;
  close(): Promise<void>;
}

export interface RelayTarget {
  readonly topic: string;
  /** @throws TopicInvalid */
  open(marksOf: (stream: string) => RecordMarks): Promise<OpenTarget>;
}
