import { globalPosition, revision } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { testKafka } from '@fintech-ledger/testing';
import { randomUUID } from 'node:crypto';
import { connectKafka } from './connect-kafka';
import { partitionOf } from './partition-of';
import { readTopic } from './read-topic';
import { RecordProducer } from './record-producer';
import { ensureTopic } from './topic';

jest.setTimeout(120_000);

const event = (stream: string, at: number): RecordedEvent => ({
  id: randomUUID(),
  stream,
  revision: revision(at),
  position: globalPosition(String(at)),
  type: 'TransactionPosted',
  data: `{"n":${at}}`,
  metadata: '{"version":1}',
});

it('reads every event of a topic, byte for byte, up to the end that it has now', async () => {
  const kafka = await testKafka();
  const client = connectKafka({ brokers: kafka.brokers, clientId: 'read-topic' });
  const topic = kafka.newName();
  const partitions = 2;
  expect(await readTopic(client, topic, () => Promise.resolve())).toBe(false);
  await ensureTopic(client, { topic, partitions, replicationFactor: 1, minInSyncReplicas: 1 });
  const read: RecordedEvent[] = [];
  const onEvent = async (found: RecordedEvent): Promise<void> => void read.push(found);
  expect(await readTopic(client, topic, onEvent)).toBe(true);
  expect(read).toEqual([]);
  const sent = ['journal-led_1', 'journal-led_2', 'org-1'].flatMap((stream) =>
    [0, 1, 2].map((at) => event(stream, at)),
  );
  const producer = new RecordProducer(client, topic, 'gzip');
  await producer.connect();
  const batches = new Map<number, RecordedEvent[]>();
  for (const one of sent) {
    const partition = partitionOf(one.stream, partitions);
    batches.set(partition, [...(batches.get(partition) ?? []), one]);
  }
  await producer.send(batches);
  await producer.close();
  await readTopic(client, topic, onEvent);
  expect(read.map(({ id }) => id).sort()).toEqual(sent.map(({ id }) => id).sort());
  const [first] = sent;
  expect(read.find(({ id }) => id === first?.id)).toMatchObject({
    data: first?.data,
    metadata: first?.metadata,
  });
});
