import type { Config } from '@fintech-ledger/config';
import { connectKafka } from '@fintech-ledger/kafka';
import type { Logger } from '@fintech-ledger/logging';
import { StartupFailed } from './startup-failed';

/** The Kafka client of a process. Nothing is connected yet. @throws StartupFailed no brokers are configured */
export function openKafka({ kafka, serviceName }: Config, purpose: string, log: Logger) {
  if (kafka.brokers.length === 0)
    throw new StartupFailed('KAFKA_BROKERS must name brokers of a Kafka cluster, such as localhost:9092.');
  return connectKafka({
    brokers: kafka.brokers,
    clientId: `${serviceName}-${purpose}`,
    tls: kafka.tls,
    ...(kafka.credentials === undefined ? {} : { credentials: kafka.credentials }),
    onWarning: (message, facts) => log.debug(facts, message),
  });
}
