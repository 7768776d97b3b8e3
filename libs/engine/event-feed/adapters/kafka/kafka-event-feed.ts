import { withAdmin } from '@fintech-ledger/kafka';
import type { EventFeed, FeedToken } from '../../port';
import { KafkaFeedReader } from './kafka-feed-reader';
import type { KafkaFeedOptions } from './kafka-feed-reader';
import { earliestOf, offsetsOf } from './offsets-token';
import { Unsent } from './unsent';
import type { Ends, Relayed, RelayedFrom } from './unsent';

/**
 * The feed that the relay fills: a topic, whose partitions the readers of a group share.
 * @param from what the relay sends: an event that the topic does not have yet counts too. Absent: its records only
 */
export function kafkaEventFeed(options: KafkaFeedOptions, from?: RelayedFrom): EventFeed {
  const unsent = from === undefined ? undefined : new Unsent(from);
  /** What was asked last; a broker that is unavailable keeps whoever asks waiting. */
  let asked: Promise<Ends> | undefined;
  const ends = (): Promise<Ends> => {
    asked = withAdmin(options.kafka, async (admin) => {
      const found = await admin.fetchTopicOffsets(options.topic);
      return new Map(found.map(({ partition, high }) => [partition, BigInt(high)]));
    });
    return asked;
  };
  return {
    place: { system: 'kafka', destination: options.topic, consumerGroup: options.groupId },
    open: (opened) => new KafkaFeedReader(options, opened),
    earliest: earliestOf,
    async countAfter(token) {
      try {
        const [found, relayed] = await Promise.all([ends(), from?.checkpoint()]);
        const notSent = unsent === undefined ? 0 : await unsent.count(relayed, found);
        return notSent === null ? null : countUnread(token, found, relayed) + notSent;
      } catch {
        // Kafka or the store is unavailable: nobody can tell.
        return null;
      }
    },
    async oldestUnsentMs() {
      try {
        const relayed = await from?.checkpoint();
        // Without Kafka what was sent since the checkpoint counts as well.
        const found = await (asked ?? ends()).catch((): Ends => new Map());
        return (await unsent?.oldestMs(relayed, found)) ?? null;
      } catch {
        return null;
      }
    },
  };
}

/** Records of the topic that lie after a token; those that it had once and has no more, too. */
function countUnread(token: FeedToken | undefined, ends: Ends, relayed: Relayed | undefined): number {
  const reached = offsetsOf(token);
  let count = 0n;
  for (const [partition, end] of ends) {
    const place = reached.get(partition);
    const acknowledged = relayed?.offsets.get(partition) ?? 0n;
    const last = end < acknowledged ? acknowledged : end;
    const isOfThisTopic = place !== undefined && (relayed === undefined || place.epoch === relayed.epoch);
    const left = isOfThisTopic ? last - place.offset : last;
    // The topic was recreated: all of it is still to be read.
    count += left < 0n ? end : left;
  }
  return Number(count);
}
