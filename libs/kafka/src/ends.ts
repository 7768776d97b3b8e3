import type { Kafka } from 'kafkajs';
import { TopicMadeAnew } from './errors';
import { withAdmin } from './topic';

/**
 * By partition, where a topic ends that goes on after these offsets (the offset after the last acknowledged record; absent: 0).
 * @throws TopicMadeAnew it ends before one of them, or is gone
 */
export async function checkEnds(
  kafka: Kafka,
  topic: string,
  acknowledged: ReadonlyMap<number, bigint>,
): Promise<Map<number, bigint>> {
  const offsets = await withAdmin(kafka, async (admin) => {
    if (!(await admin.listTopics()).includes(topic)) throw new TopicMadeAnew(`topic ${topic} is gone`);
    return admin.fetchTopicOffsets(topic);
  });
  const ends = new Map<number, bigint>();
  for (const { partition, high } of offsets) {
    const end = BigInt(high);
    const start = acknowledged.get(partition) ?? 0n;
    if (start > end) {
      throw new TopicMadeAnew(
        `partition ${partition} of topic ${topic} ends at ${end}, but ${start} records were acknowledged: it was made anew, or lost records`,
      );
    }
    if (end > start) ends.set(partition, end);
  }
  return ends;
}
