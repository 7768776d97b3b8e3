import { connectKafka, decodeRecord, readTopic, withAdmin } from '@fintech-ledger/kafka';
import { randomUUID } from 'node:crypto';

/** A record that repeats an earlier one. Batches by the offset of their first record: each is what one request brought. */
export interface RepeatedRecord {
  readonly partition: number;
  readonly offset: number;
  readonly batch: number;
  readonly firstBatch: number;
}

export interface TopicAudit {
  readonly records: number;
  /** By stream, the last revision. */
  readonly reached: ReadonlyMap<string, number>;
  readonly repeated: readonly RepeatedRecord[];
}

type Message = Parameters<typeof decodeRecord>[0] & { readonly offset: string };

/**
 * Reads a topic from its beginning to its present end.
 * @throws Error a stream goes on with a gap, changes its partition, or has two events at one revision
 */
export async function auditTopic(brokers: readonly string[], topic: string): Promise<TopicAudit> {
  const kafka = connectKafka({ brokers, clientId: 'topic-audit' });
  const offsets = await withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic));
  let missing = offsets.reduce((sum, { high }) => sum + Number(high), 0);
  const records = missing;
  const streams = new Map<string, { partition: number; places: { id: string; batch: number }[] }>();
  const repeated: RepeatedRecord[] = [];
  const take = (partition: number, message: Message): void => {
    const { stream, revision, id } = decodeRecord(message);
    const { offset } = message;
    const batch = batchOf(message);
    const known = streams.get(stream) ?? { partition, places: [] };
    streams.set(stream, known);
    const first = known.places[revision];
    const where = `${stream}@${revision} in partition ${partition}, offset ${offset}`;
    if (known.partition !== partition) throw new Error(`${where}: it was in ${known.partition} before`);
    if (revision > known.places.length) throw new Error(`${where} came after ${known.places.length - 1}`);
    if (first === undefined) known.places.push({ id, batch });
    else if (first.id !== id) throw new Error(`${where} is ${id}, and was ${first.id} before`);
    else repeated.push({ partition, offset: Number(offset), batch, firstBatch: first.batch });
  };
  const consumer = kafka.consumer({ groupId: `${topic}-audit-${randomUUID()}` });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
      const eachMessage = async ({ partition, message }: { partition: number; message: Message }) => {
        try {
          take(partition, message);
        } catch (error) {
          reject(error);
        }
        missing -= 1;
        if (missing === 0) resolve();
      };
      if (missing === 0) resolve();
      consumer.run({ eachMessage }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  const reached = new Map([...streams].map(([stream, { places }]) => [stream, places.length - 1]));
  return { records, reached, repeated };
}

/** Every event that a topic holds, with its marks. */
export async function readRecords(
  brokers: readonly string[],
  topic: string,
): Promise<readonly ReturnType<typeof decodeRecord>[]> {
  const records: ReturnType<typeof decodeRecord>[] = [];
  await readTopic(connectKafka({ brokers, clientId: 'topic-audit' }), topic, async (event) => {
    records.push(event as ReturnType<typeof decodeRecord>);
  });
  return records;
}

/** The client's types leave it out, the record has it. */
function batchOf(message: Message): number {
  const { batchContext } = message as Message & { readonly batchContext?: { readonly firstOffset: string } };
  if (batchContext === undefined)
    throw new Error('the client does not say any more which batch a record is of');
  return Number(batchContext.firstOffset);
}
