import { connect } from '@fintech-ledger/postgres';
import { connectKafka, withAdmin } from '@fintech-ledger/kafka';
import { startEventStoreDbServer } from '@fintech-ledger/testing';
import type { EventStoreDbServer } from '@fintech-ledger/testing';
import { readdir } from 'node:fs/promises';
import { DistributedSet } from './support/distributed-set';
import { until } from './support/readiness';
import { readRecoveryFile, recover } from './support/recover-command';
import { positionOf, SmallLedger } from './support/small-ledger';
import { temporaryFolder } from './support/standalone-process';
import { readRecords } from './support/topic-audit';

jest.setTimeout(300_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: EventStoreDbServer;
let set: DistributedSet;

beforeEach(async () => {
  [folder, server] = await Promise.all([temporaryFolder(), startEventStoreDbServer()]);
  set = await DistributedSet.start({ eventStoreUrl: server.url, projectors: 2, relays: 2 });
});
afterEach(async () => {
  await set?.close();
  await server.close();
  await folder.remove();
});

async function ofDatabase<T extends object>(
  sql: string,
  ...values: readonly string[]
): Promise<readonly T[]> {
  const db = connect({ connectionString: set.database.url, max: 1, statementTimeoutMs: 30_000 });
  try {
    return (await db.query<T>(sql, values)).rows;
  } finally {
    await db.close();
  }
}

/** Everything that was stored after this point is lost, as after the restore of a backup of it. */
const backup = (): (() => void) => {
  const count = server.log.records.length;
  return () => server.log.goBack(server.log.records.length - count);
};

const deleteTopic = (): Promise<void> =>
  withAdmin(connectKafka({ brokers: set.brokers, clientId: 'test' }), (admin) =>
    admin.deleteTopics({ topics: [set.topic] }),
  );

describe('ledgerctl recover with Kafka', () => {
  it.each(['kept', 'deleted'])('the topic is %s: all is recomputed from the older store', async (topic) => {
    const { client } = set;
    const ledger = await SmallLedger.open(client, 'concerned');
    const other = await SmallLedger.open(client, 'other');
    const early = await ledger.transfer('early');
    const before = await ledger.balances(positionOf(early));
    const otherBefore = await other.balances(positionOf(await other.transfer('other')));
    const restore = backup();
    const late = [await ledger.transfer('late-1'), await ledger.transfer('late-2')];
    await ledger.balances(positionOf(late[1] ?? early));
    await set.stopApps();
    restore();
    if (topic === 'deleted') await deleteTopic();

    const file = `${folder.path}/lost.ndjson`;
    if (topic === 'kept') {
      const unreachable = { ...set.environment, KAFKA_BROKERS: '127.0.0.1:1' };
      const failed = await recover(unreachable, '--yes', '--file', file);
      expect(failed).toMatchObject({
        exitCode: 2,
        errors: expect.stringMatching(/Kafka can't be read.*Nothing was changed/),
      });
      expect(await readdir(folder.path)).toEqual([]);
      expect(server.log.records.filter(({ type }) => type === 'OlderStoreAccepted')).toEqual([]);
    }
    const done = await recover(set.environment, '--yes', '--file', file);
    expect(done).toMatchObject({ exitCode: 0, output: expect.stringMatching(/1 streams are taken/) });
    const lost = await readRecoveryFile(file);
    const raw = lost.filter(({ kind }) => kind === 'event');
    if (topic === 'deleted') {
      expect(lost.filter(({ kind }) => kind === 'topic_not_read')).toEqual([
        expect.objectContaining({ topic: set.topic, reason: 'there is no such topic' }),
      ]);
    } else {
      // The raw texts, which verify as they stood in the journal.
      expect(raw.map(({ stream, revision, type }) => [stream, revision, type])).toEqual(
        [3, 4].map((revision) => [ledger.stream, revision, 'TransactionPosted']),
      );
      const told = raw.map(
        ({ metadata }) => (JSON.parse(String(metadata)) as { idempotencyKey: string }).idempotencyKey,
      );
      expect(told).toEqual(['late-1', 'late-2']);
      for (const { data } of raw)
        expect(JSON.parse(String(data))).toMatchObject({ transaction: { status: 'posted' } });
    }
    expect(lost.filter(({ kind }) => kind === 'entry')).toHaveLength(4);

    await set.startApps();
    const now = { ledger: ledger.by(set.client), other: other.by(set.client) };
    await until(
      'it is built',
      async () => (await set.client.ask(ledger.path('trial-balance'))).status === 200,
    );
    expect(await now.ledger.balances()).toBe(before);
    expect(await now.other.balances()).toBe(otherBefore);
    expect(await now.ledger.transfer('early')).toMatchObject({ isReplayed: true, text: early.text });
    const again = await now.ledger.transfer('late-1');
    expect(again).toMatchObject({ status: 201, isReplayed: false });
    // The other one of the two is not there, and what is booked now arrives by the topic.
    const trial = await now.ledger.balances(positionOf(again));
    expect(trial).not.toBe(before);
    await now.other.balances(positionOf(await now.other.transfer('new')));
    const fresh = await SmallLedger.open(set.client, 'fresh');
    await fresh.balances(positionOf(await fresh.transfer()));
    await until(
      'nothing is halted',
      async () => (await ofDatabase('select 1 from read.halted_streams')).length === 0,
    );
    expect(server.log.records.filter(({ type }) => type === 'OlderStoreAccepted')).toHaveLength(1);
    // A topic that stayed has the stream a second time, as a new generation of it.
    const records = (await readRecords(set.brokers, set.topic)).filter(
      ({ stream }) => stream === ledger.stream,
    );
    const generations = records.map(({ generation }) => generation);
    if (topic === 'kept') expect(new Set(generations)).toEqual(new Set([0, 1]));
    const newest = records.filter(({ generation }) => generation === Math.max(...generations));
    // Two accounts, the early transfer and the one that was booked again.
    expect([...new Set(newest.map(({ revision }) => revision))]).toEqual([0, 1, 2, 3]);
  });
});
