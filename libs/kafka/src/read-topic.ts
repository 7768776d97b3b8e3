import { randomUUID } from 'node:crypto';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { Kafka } from 'kafkajs';
import { RecordUnreadable } from './errors';
import { fetchBytesMax, fetchPartitionBytesMax } from './limits';
import { decodeRecord } from './record';
import type { IncomingRecord } from './record';
import { withAdmin } from './topic';

/** Hands over every event that a topic holds now, each partition's in order; what is no event of ours is passed over. */
export async function readTopic(
  kafka: Kafka,
  topic: string,
  onEvent: (event: RecordedEvent) => Promise<void>,
): Promise<void> {
  const offsets = await withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic));
  const ends = new Map<number, bigint>();
  for (const { partition, low, high } of offsets) {
    if (BigInt(high) > BigInt(low)) ends.set(partition, BigInt(high));
  }
  if (ends.size === 0) return;
  const groupId = `${topic}-read-${randomUUID()}`;
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
          eachBatch: async ({ batch: { partition, messages }, ...context }) => {
            for (const message of messages) {
              const event = eventOf(message);
              if (event !== undefined) await onEvent(event).catch(reject);
            }
            await context.heartbeat();
            const next = BigInt(messages.at(-1)?.offset ?? -1n) + 1n;
            if (next >= (ends.get(partition) ?? 0n)) ends.delete(partition);
            if (ends.size === 0) resolve();
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
    await withAdmin(kafka, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
}

function eventOf(record: IncomingRecord): RecordedEvent | undefined {
  try {
    return decodeRecord(record);
  } catch (error) {
    if (error instanceof RecordUnreadable) return undefined;
    throw error;
  }
}
