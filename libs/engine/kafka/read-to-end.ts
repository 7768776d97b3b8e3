import { randomUUID } from 'node:crypto';
import type { Kafka, KafkaMessage } from 'kafkajs';
import { fetchBytesMax, fetchPartitionBytesMax } from './limits';
import { withAdmin } from './topic';

/**
 * Hands over what a topic holds from these offsets on (absent: 0), each partition's in order, up to these ends: the offset after the last record of each
 * partition that is read. An end is reached by the batch's last offset, which may be of a record that is none (a transaction's mark).
 * @throws what `onMessage` throws
 */
export async function readToEnd(
  kafka: Kafka,
  topic: string,
  from: ReadonlyMap<number, bigint>,
  ends: ReadonlyMap<number, bigint>,
  onMessage: (message: KafkaMessage) => Promise<void> | void,
): Promise<void> {
  if (ends.size === 0) return;
  const left = new Map(ends);
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
          eachBatch: async ({ batch, heartbeat }) => {
            const end = left.get(batch.partition);
            if (end === undefined) return;
            try {
              for (const message of batch.messages) await onMessage(message);
            } catch (error) {
              // Not for the client, which would read the batch again.
              reject(error as Error);
              return;
            }
            await heartbeat();
            if (BigInt(batch.lastOffset()) + 1n >= end) left.delete(batch.partition);
            if (left.size === 0) resolve();
          },
        })
        .catch(reject);
      for (const partition of ends.keys())
        consumer.seek({ topic, partition, offset: String(from.get(partition) ?? 0n) });
    });
  } finally {
    await consumer.disconnect();
    await withAdmin(kafka, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
}
