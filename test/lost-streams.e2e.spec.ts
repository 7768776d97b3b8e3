import { startEventStoreDbServer, testDatabase } from '@fintech-ledger/testing';
import type { EventStoreDbServer, TestDatabase } from '@fintech-ledger/testing';
import { connect } from '@fintech-ledger/postgres';
import { until, untilAlarm, untilHealthy } from './support/readiness';
import { recover } from './support/recover-command';
import { positionOf, SmallLedger } from './support/small-ledger';
import { RestartedStandalone } from './support/restarted-standalone';
import { buildStandalone, temporaryFolder } from './support/standalone-process';

jest.setTimeout(240_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: TestDatabase;
let server: EventStoreDbServer;
let lost: SmallLedger;
let other: SmallLedger;

beforeAll(buildStandalone);
beforeEach(async () => {
  [folder, database, server] = await Promise.all([
    temporaryFolder(),
    testDatabase(),
    startEventStoreDbServer(),
  ]);
});
afterEach(async () => {
  await product.stop();
  await server.close();
  await database.drop();
  await folder.remove();
});

const environment = (): Readonly<Record<string, string>> => ({
  DATABASE_URL: database.url,
  EVENT_STORE_URL: server.url,
  LEASE_TTL_MS: '1000',
});

const product = new RestartedStandalone(() => ({ dataFolder: folder.path, environment: environment() }));

const storedAs = ({ stream }: SmallLedger): string =>
  server.log.records.map((record) => record.stream).find((name) => name.endsWith(`-${stream}`)) ?? '';

/** How a stream loses events in the server, and whether that can be taken back. */
const ways: readonly (readonly [string, (stream: string) => unknown, boolean])[] = [
  ['soft-deleted', (stream) => server.log.delete(stream, 'any', false), true],
  ['tombstoned', (stream) => server.log.delete(stream, 'any', true), false],
  ['$maxCount', (stream) => server.log.describe(stream, { $maxCount: 3 }), true],
  ['$tb', (stream) => server.log.describe(stream, { $tb: 2 }), true],
  // All that is there is old enough.
  ['$maxAge', (stream) => server.log.describe(stream, { $maxAge: 1 }), true],
];

const queries = [
  'events',
  'events?limit=2',
  'events?from_revision=1',
  'events?from_revision=3',
  'events?from_revision=5',
  'events?type=TransactionPosted',
  'events?type=AccountOpened',
  'events?account=a',
];

/** Each query's answer as long as the stream is whole, and that to the cursor of a first page. */
async function answersOf(ledger: SmallLedger): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>();
  for (const query of queries) {
    const { status, text } = await product.client.ask(ledger.path(query));
    expect([query, status]).toEqual([query, 200]);
    answers.set(query, text);
  }
  const { next_cursor } = JSON.parse(answers.get('events?limit=2') ?? '') as { next_cursor: string };
  const second = `events?limit=2&cursor=${encodeURIComponent(next_cursor)}`;
  answers.set(second, (await product.client.ask(ledger.path(second))).text);
  return answers;
}

const eventsOf = (text: string): readonly object[] => (JSON.parse(text) as { data: readonly object[] }).data;

/** `GET events` never answers a part as if it were the whole: what begins where the stream does is refused, and anything else is refused or complete. */
async function eventsAreWholeOrRefused(whole: ReadonlyMap<string, string>): Promise<void> {
  for (const [query, before] of whole) {
    const { status, text } = await product.client.ask(lost.path(query));
    if (status === 200 && query !== 'events') {
      // What was booked before the damage was noticed comes after what was there.
      const there = eventsOf(before);
      expect([query, eventsOf(text).slice(0, there.length)]).toEqual([query, there]);
    } else expect([query, status, text]).toEqual([query, 503, expect.stringContaining(lost.id)]);
  }
}

async function othersGoOn(): Promise<void> {
  const answer = await other.transfer();
  expect(answer.status).toBe(201);
  await other.balances(positionOf(answer));
  expect((await product.client.ask(other.path('events'))).status).toBe(200);
}

async function checkpoints(): Promise<readonly object[]> {
  const db = connect({ connectionString: database.url, max: 1, statementTimeoutMs: 30_000 });
  const { rows } = await db.query<object>(
    'select stream, revision from writer.heads where stream = $1 and revision >= 0',
    [lost.stream],
  );
  await db.close();
  return rows;
}

describe('a stream that lost events in EventStoreDB', () => {
  it.each(ways)(
    '%s: noticed while running and at a start, that ledger alone answers 503, nothing known is dropped',
    async (way, damage, isReversible) => {
      await product.start();
      lost = await SmallLedger.open(product.client, 'lost');
      other = await SmallLedger.open(product.client, 'other');
      for (let n = 0; n < 5; n += 1) expect((await lost.transferInTime(`k-${n}`)).status).toBe(201);
      // Its writer keeps a checkpoint as it stops.
      await product.stop();
      const known = await checkpoints();
      expect(known).toHaveLength(1);
      await product.start();
      [lost, other] = [lost.by(product.client), other.by(product.client)];
      expect((await lost.transferInTime('k-0')).isReplayed).toBe(true);
      const whole = await answersOf(lost);
      // What is older than a second has ended then.
      if (way === '$maxAge') server.clockAheadMs = 2_000;
      damage(storedAs(lost));
      await eventsAreWholeOrRefused(whole);
      await untilAlarm(product, 'streams', /Remove the limit|restore the stream from a backup/);
      await until('it is not written', async () => (await lost.transfer()).status === 503);
      await othersGoOn();
      await product.stop();
      expect(await checkpoints()).toEqual(known);

      await product.start();
      [lost, other] = [lost.by(product.client), other.by(product.client)];
      for (const key of ['k-0', 'new']) {
        const { status, text } = await lost.transfer(key);
        expect([status, text]).toEqual([503, expect.stringContaining(lost.id)]);
      }
      await eventsAreWholeOrRefused(whole);
      await untilAlarm(product, 'streams', new RegExp(lost.id));
      await othersGoOn();
      await product.stop();

      // There is nothing from which the ledger could be computed: its checkpoint stays.
      const refused = await recover(environment(), '--yes', '--file', `${folder.path}/lost.ndjson`);
      expect(refused).toMatchObject({ exitCode: 2, errors: expect.stringMatching(/can't be accepted/) });
      expect(await checkpoints()).toEqual(known);
      expect(server.log.records.filter(({ type }) => type === 'OlderStoreAccepted')).toEqual([]);

      if (!isReversible) return;
      server.log.describe(storedAs(lost), {});
      const url = await product.start();
      lost = lost.by(product.client);
      await until('it is written again', async () => (await lost.transfer('after')).status === 201);
      expect((await lost.transferInTime('k-0')).isReplayed).toBe(true);
      expect((await product.client.ask(lost.path('events'))).status).toBe(200);
      await untilHealthy(url);
    },
  );
});
