import {
  fetchBytesMax,
  fetchPartitionBytesMax,
  heartbeatMs,
  rebalanceTimeoutMs,
  sessionTimeoutMs,
} from '@fintech-ledger/kafka';
import type { ConsumerConfig } from 'kafkajs';

/** How a member of a group of readers consumes. */
export function consumerConfig(groupId: string): ConsumerConfig {
  return {
    groupId,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: rebalanceTimeoutMs,
    heartbeatInterval: heartbeatMs,
    maxBytes: fetchBytesMax,
    maxBytesPerPartition: fetchPartitionBytesMax,
    maxWaitTimeInMs: 500,
    allowAutoTopicCreation: false,
    // A failure that is not over in a moment ends the run: then a new consumer is made, for ever.
    retry: {
      initialRetryTime: 100,
      maxRetryTime: 1_000,
      retries: 5,
      restartOnFailure: () => Promise.resolve(false),
    },
  };
}
