import { kafkaEventFeed } from '@fintech-ledger/event-feed';
import type { EventFeed, KafkaFeedOptions, RelayedFrom } from '@fintech-ledger/event-feed';
import type { Sql } from '@fintech-ledger/postgres';
import { loadRelayCheckpoint } from '@fintech-ledger/relay';
import { modules } from '../../modules';

/** The topic, and what the relay has not sent to it. */
export function relayedFeed(options: KafkaFeedOptions, store: RelayedFrom['store'], sql: Sql): EventFeed {
  const checkpoint = () => loadRelayCheckpoint(sql, options.topic);
  return kafkaEventFeed(options, { store, streamPrefixes: modules.streamPrefixes, checkpoint });
}
