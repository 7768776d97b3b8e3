import { withAdmin } from '@fintech-ledger/kafka';
import type { EventFeed } from '../../port';
import { KafkaFeedReader } from './kafka-feed-reader';
import type { KafkaFeedOptions } from './kafka-feed-reader';
import { earliestOf, offsetsOf } from './offsets-token';

/** The feed that the relay fills: a topic, whose partitions the readers of a group share. */
export function kafkaEventFeed(options: KafkaFeedOptions): EventFeed {
  return {
    place: { system: 'kafka', destination: options.topic, consumerGroup: options.groupId },
    open: (opened) => new KafkaFeedReader(options, opened),
    earliest: earliestOf,
    async countAfter(token) {
      const reached = offsetsOf(token);
      try {
        const ends = await withAdmin(options.kafka, (admin) => admin.fetchTopicOffsets(options.topic));
        const counts = ends.map(({ partition, high }) => {
          const left = Number(BigInt(high) - (reached.get(partition)?.offset ?? 0n));
          // The topic was made anew: all of it is still to be read.
          return left < 0 ? Number(high) : left;
        });
        return counts.reduce((sum, count) => sum + count, 0);
      } catch {
        // Kafka is unavailable: nobody can tell.
        return null;
      }
    },
  };
}
