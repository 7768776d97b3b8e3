import { metadataText } from '@fintech-ledger/envelope';
import type { Kafka } from 'kafkajs';
import { checkEnds } from './ends';
import { RecordUnreadable, TopicMadeAnew } from './errors';
import { readToEnd } from './read-to-end';
import { decodeRecord } from './record';
import type { IncomingRecord } from './record';

/** The last event of a stream that is in the topic. */
export interface TailEnd {
  readonly revision: number;
  /** Its chain hash. */
  readonly hash: string | undefined;
  /** How often the stream's history had been accepted again when it was sent. */
  readonly generation: number;
}

/** By stream. */
export type Tail = ReadonlyMap<string, TailEnd>;

/**
 * Reads what a topic holds from these offsets on (absent: 0), to the end that it has now.
 * @param epoch which making of the topic it has to be
 * @throws TopicMadeAnew it is not the one that was written to
 */
export async function readTail(
  kafka: Kafka,
  topic: string,
  from: ReadonlyMap<number, bigint>,
  epoch: number,
): Promise<Tail> {
  const tail = new Map<string, TailEnd>();
  const ends = await checkEnds(kafka, topic, from);
  await readToEnd(kafka, topic, from, ends, (message) => note(tail, message, epoch));
  return tail;
}

function note(tail: Map<string, TailEnd>, record: IncomingRecord, epoch: number): void {
  try {
    const event = decodeRecord(record);
    const { stream, revision, generation } = event;
    if (event.epoch > epoch)
      throw new TopicMadeAnew(`the topic has records of epoch ${event.epoch}, this one is ${epoch}`);
    // Sent before it was noticed that the topic is another one: it does not follow what comes before it.
    if (event.epoch < epoch) return;
    const last = tail.get(stream);
    const isLater =
      last === undefined ||
      generation > last.generation ||
      (generation === last.generation && revision > last.revision);
    if (isLater) tail.set(stream, { revision, hash: metadataText(event.metadata, 'hash'), generation });
  } catch (error) {
    // What is not ours says nothing of what was sent; it is the consumers that halt at it.
    if (!(error instanceof RecordUnreadable)) throw error;
  }
}
