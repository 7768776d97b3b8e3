import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { Kafka } from 'kafkajs';
import { RecordUnreadable } from './errors';
import { readToEnd } from './read-to-end';
import { decodeRecord } from './record';
import type { IncomingRecord } from './record';
import { withAdmin } from './topic';

/**
 * Hands over every event that a topic holds now, each partition's in order; what is no event of ours is passed over.
 * @returns false: there is no such topic
 */
export async function readTopic(
  kafka: Kafka,
  topic: string,
  onEvent: (event: RecordedEvent) => Promise<void>,
): Promise<boolean> {
  const offsets = await withAdmin(kafka, async (admin) =>
    (await admin.listTopics()).includes(topic) ? admin.fetchTopicOffsets(topic) : undefined,
  );
  if (offsets === undefined) return false;
  const starts = new Map(offsets.map(({ partition, low }) => [partition, BigInt(low)]));
  const ends = new Map<number, bigint>();
  for (const { partition, low, high } of offsets) {
    if (BigInt(high) > BigInt(low)) ends.set(partition, BigInt(high));
  }
  await readToEnd(kafka, topic, starts, ends, async (message) => {
    const event = eventOf(message);
    if (event !== undefined) await onEvent(event);
  });
  return true;
}

function eventOf(record: IncomingRecord): RecordedEvent | undefined {
  try {
    return decodeRecord(record);
  } catch (error) {
    if (error instanceof RecordUnreadable) return undefined;
    throw error;
  }
}
