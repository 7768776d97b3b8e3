import { checkEnds, ensureTopic, partitionOf, readTail, RecordProducer } from '@fintech-ledger/kafka';
import type { connectKafka, TopicSettings } from '@fintech-ledger/kafka';
import type { RelayTarget } from './target';

export interface KafkaTargetOptions extends TopicSettings {
  readonly kafka: ReturnType<typeof connectKafka>;
  readonly compression: 'none' | 'gzip';
}

/** A topic of a Kafka cluster, made with its settings when it is not there. */
export function kafkaTarget(options: KafkaTargetOptions): RelayTarget {
  const { kafka, topic, compression } = options;
  // The relay's, not the connection's: what was recorded while Kafka was unavailable is late, and still belongs to its trace.
  const sinceMs = Date.now();
  return {
    topic,
    async open(marksOf) {
      const { partitions, recordBytesMax } = await ensureTopic(kafka, options);
      const producer = new RecordProducer(kafka, topic, compression, sinceMs, marksOf);
      await producer.connect();
      return {
        partitions,
        recordBytesMax,
        partitionOf: (stream) => partitionOf(stream, partitions),
        tailAfter: (offsets, epoch) => readTail(kafka, topic, offsets, epoch),
        check: async (offsets) => void (await checkEnds(kafka, topic, offsets)),
        send: (batches) => producer.send(batches),
        close: () => producer.close(),
      };
    },
  };
}
