import type { Kafka } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { TopicMadeAnew } from './errors';
import { endChecksMax, endCheckMs } from './limits';
import { withAdmin } from './topic';

/**
 * By partition, where a topic ends that goes on after these offsets (the offset after the last acknowledged record; absent: 0).
 * A broker that has just come back knows for a moment of fewer records than it has, or of no topic: it is believed when it says so all the time.
 * @throws TopicMadeAnew it ends before one of them, or is gone
 */
export async function checkEnds(
  kafka: Kafka,
  topic: string,
  acknowledged: ReadonlyMap<number, bigint>,
): Promise<Map<number, bigint>> {
  for (let checks = 1; ; checks += 1) {
    try {
      return await ends(kafka, topic, acknowledged);
    } catch (error) {
      if (!(error instanceof TopicMadeAnew) || checks === endChecksMax) throw error;
      await sleep(endCheckMs);
    }
  }
}

async function ends(
  kafka: Kafka,
  topic: string,
  acknowledged: ReadonlyMap<number, bigint>,
): Promise<Map<number, bigint>> {
  const offsets = await withAdmin(kafka, async (admin) => {
    if (!(await admin.listTopics()).includes(topic)) throw new TopicMadeAnew(`topic ${topic} is gone`);
    return admin.fetchTopicOffsets(topic);
  });
  const found = new Map<number, bigint>();
  for (const { partition, high } of offsets) {
    const end = BigInt(high);
    const start = acknowledged.get(partition) ?? 0n;
    if (start > end) {
      throw new TopicMadeAnew(
        `partition ${partition} of topic ${topic} ends at ${end}, but ${start} records were acknowledged: it was recreated, or lost records`,
      );
    }
    if (end > start) found.set(partition, end);
  }
  return found;
}
