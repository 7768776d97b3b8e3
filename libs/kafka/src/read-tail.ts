import { randomUUID } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import { RecordUnreadable, TopicInvalid } from './errors';
import { fetchBytesMax, fetchPartitionBytesMax } from './limits';
import { decodeRecord } from './record';
import type { IncomingRecord } from './record';
import { withAdmin } from './topic';

/** By partition, by stream: the highest revision that is in the topic. */
export type Tail = ReadonlyMap<number, ReadonlyMap<string, number>>;

/**
 * Reads what a topic holds from these offsets on (absent: 0), to the end that it has now.
 * @throws TopicInvalid the topic ends before an offset: it is not the one that was written to
 */
export async function readTail(
  kafka: Kafka,
  topic: string,
  from: ReadonlyMap<number, bigint>,
): Promise<Tail> {
  const tail = new Map<number, Map<string, number>>();
  const ends = await endsBeyond(kafka, topic, from);
  if (ends.size === 0) return tail;
  const groupId = `${topic}-tail-${randomUUID()}`;
  const consumer = kafka.consumer({
    groupId,
    maxBytes: fetchBytesMax,
    maxBytesPerPartition: fetchPartitionBytesMax,
    allowAutoTopicCreation: false,
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
      consumer
        .run({
          autoCommit: false,
          eachBatch: async ({ batch }) => {
            const { partition, messages } = batch;
            const end = ends.get(partition);
            if (end === undefined) return;
            for (const message of messages) note(tail, partition, message);
            if (BigInt(batch.lastOffset()) + 1n >= end) ends.delete(partition);
            if (ends.size === 0) resolve();
          },
        })
        .catch(reject);
      for (const partition of ends.keys()) {
        consumer.seek({ topic, partition, offset: String(from.get(partition) ?? 0n) });
      }
    });
    return tail;
  } finally {
    await consumer.disconnect();
    await withAdmin(kafka, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
}

function note(tail: Map<number, Map<string, number>>, partition: number, record: IncomingRecord): void {
  try {
    const { stream, revision } = decodeRecord(record);
    const streams = tail.get(partition) ?? new Map<string, number>();
    streams.set(stream, Math.max(revision, streams.get(stream) ?? -1));
    tail.set(partition, streams);
  } catch (error) {
    // What is not ours says nothing of what was sent; it is the consumers that halt at it.
    if (!(error instanceof RecordUnreadable)) throw error;
  }
}

async function endsBeyond(
  kafka: Kafka,
  topic: string,
  from: ReadonlyMap<number, bigint>,
): Promise<Map<number, bigint>> {
  const offsets = await withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic));
  const ends = new Map<number, bigint>();
  for (const { partition, high } of offsets) {
    const end = BigInt(high);
    const start = from.get(partition) ?? 0n;
    if (start > end) {
      throw new TopicInvalid(
        `partition ${partition} of topic ${topic} ends at ${end}, but ${start} records were acknowledged: it was made anew or lost records. To send everything again, delete its row from relay.checkpoints`,
      );
    }
    if (end > start) ends.set(partition, end);
  }
  return ends;
}
