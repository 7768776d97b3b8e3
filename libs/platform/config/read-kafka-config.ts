import type { KafkaConfig } from './config';
import type { EnvironmentReader } from './environment-reader';

/** The variables KAFKA_*. */
export function readKafkaConfig(reader: EnvironmentReader): KafkaConfig {
  const username = reader.text('KAFKA_USERNAME');
  const password = reader.secret('KAFKA_PASSWORD', 1);
  const mechanism = reader.oneOf('KAFKA_SASL_MECHANISM', ['plain', 'scram-sha-512'], 'scram-sha-512');
  if ((username === undefined) !== (password === undefined))
    reader.problems.push('KAFKA_USERNAME and KAFKA_PASSWORD must be set both or neither');
  const replicationFactor = reader.integer('KAFKA_REPLICATION_FACTOR', 1, 1, 100);
  const minInSyncReplicas = reader.integer('KAFKA_MIN_INSYNC_REPLICAS', 1, 1, 100);
  if (minInSyncReplicas > replicationFactor) {
    reader.problems.push(
      `KAFKA_MIN_INSYNC_REPLICAS (${minInSyncReplicas}) must be at most KAFKA_REPLICATION_FACTOR (${replicationFactor})`,
    );
  }
  return {
    brokers: reader.addresses('KAFKA_BROKERS'),
    topic: reader.text('KAFKA_TOPIC'),
    partitions: reader.integer('KAFKA_PARTITIONS', 6, 1, 10_000),
    replicationFactor,
    minInSyncReplicas,
    compression: reader.oneOf('KAFKA_COMPRESSION', ['none', 'gzip'], 'none'),
    groupId: reader.text('KAFKA_GROUP'),
    tls: reader.oneOf('KAFKA_TLS', ['on', 'off'], 'off') === 'on',
    credentials:
      username === undefined || password === undefined ? undefined : { mechanism, username, password },
  };
}
