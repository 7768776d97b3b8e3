import { ConfigResourceTypes, KafkaJSProtocolError } from 'kafkajs';
import type { Admin, Kafka } from 'kafkajs';
import { TopicInvalid } from './errors';
import { recordBytesMax } from './limits';

export interface TopicSettings {
  readonly topic: string;
  /** What a new topic gets, and an existing one must have: with another number the ledgers would change partitions, and lose their order. */
  readonly partitions: number;
  readonly replicationFactor: number;
  /** `min.insync.replicas`: how many replicas have a record before it counts as stored. */
  readonly minInSyncReplicas: number;
}

export interface Topic {
  readonly partitions: number;
  /** The largest record that the topic takes. */
  readonly recordBytesMax: number;
}

/** Makes the topic with its settings, or checks an existing one's. @throws TopicInvalid */
export async function ensureTopic(kafka: Kafka, settings: TopicSettings): Promise<Topic> {
  return withAdmin(kafka, async (admin) => {
    if (!(await admin.listTopics()).includes(settings.topic)) await createTopic(admin, settings);
    return checkTopic(admin, settings);
  });
}

/** Runs `work` with a connected admin client. */
export async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

async function createTopic(admin: Admin, settings: TopicSettings): Promise<void> {
  const configEntries = Object.entries({
    'retention.ms': '-1',
    'retention.bytes': '-1',
    'cleanup.policy': 'delete',
    // As the relay sends it.
    'compression.type': 'producer',
    'min.insync.replicas': String(settings.minInSyncReplicas),
    'max.message.bytes': String(recordBytesMax),
    'unclean.leader.election.enable': 'false',
  }).map(([name, value]) => ({ name, value }));
  const { topic, partitions: numPartitions, replicationFactor } = settings;
  try {
    // False: another relay was quicker.
    await admin.createTopics({
      topics: [{ topic, numPartitions, replicationFactor, configEntries }],
      waitForLeaders: true,
    });
  } catch (error) {
    const cause = error instanceof AggregateError || hasErrors(error) ? error.errors[0] : error;
    if (cause instanceof KafkaJSProtocolError && cause.type === 'INVALID_REPLICATION_FACTOR') {
      throw new TopicInvalid(
        `topic ${topic} can't have ${replicationFactor} replicas (${cause.message}): set KAFKA_REPLICATION_FACTOR to at most the number of brokers`,
        { cause },
      );
    }
    throw error;
  }
}

const hasErrors = (error: unknown): error is { errors: readonly unknown[] } =>
  typeof error === 'object' && error !== null && 'errors' in error && Array.isArray(error.errors);

async function checkTopic(
  admin: Admin,
  { topic, partitions, minInSyncReplicas }: TopicSettings,
): Promise<Topic> {
  const metadata = await admin.fetchTopicMetadata({ topics: [topic] });
  const found = metadata.topics[0]?.partitions.length ?? 0;
  if (found !== partitions) {
    throw new TopicInvalid(
      `topic ${topic} has ${found} partitions, KAFKA_PARTITIONS is ${partitions}: set it to ${found}, or name another topic with KAFKA_TOPIC (partitions can't be added, because ledgers would change theirs and lose their order)`,
    );
  }
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
  });
  const entries = resources[0]?.configEntries ?? [];
  const values = new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
  const wanted = { 'retention.ms': '-1', 'retention.bytes': '-1', 'cleanup.policy': 'delete' };
  for (const [name, value] of Object.entries(wanted)) {
    const actual = values.get(name);
    if (actual !== undefined && actual !== value)
      throw new TopicInvalid(
        `topic ${topic} has ${name}=${actual} and would lose events: set it to ${value}`,
      );
  }
  const inSync = Number(values.get('min.insync.replicas') ?? minInSyncReplicas);
  if (inSync < minInSyncReplicas) {
    throw new TopicInvalid(
      `topic ${topic} has min.insync.replicas=${inSync}: set it to ${minInSyncReplicas}, or KAFKA_MIN_INSYNC_REPLICAS to ${inSync}`,
    );
  }
  return { partitions, recordBytesMax: Number(values.get('max.message.bytes') ?? 1_048_576) };
}
