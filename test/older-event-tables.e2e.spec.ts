import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { dumpEventTables, restoreEventTables } from './support/older-event-tables';
import { until, untilAlarm, untilHealthy } from './support/readiness';
import { readRecoveryFile, recover } from './support/recover-command';
import { positionOf, SmallLedger } from './support/small-ledger';
import { RestartedStandalone } from './support/restarted-standalone';
import { buildStandalone, temporaryFolder } from './support/standalone-process';

jest.setTimeout(240_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let testing: TestDatabase;
let database: Database;

beforeAll(buildStandalone);
beforeEach(async () => {
  [folder, testing] = await Promise.all([temporaryFolder(), testDatabase()]);
  database = connect({ connectionString: testing.url, max: 1, statementTimeoutMs: 30_000 });
});
afterEach(async () => {
  await product.stop();
  await database.close();
  await testing.drop();
  await folder.remove();
});

const environment = () => ({ DATABASE_URL: testing.url, LEASE_TTL_MS: '1000' });

const product = new RestartedStandalone(() => ({ dataFolder: folder.path, environment: environment() }));

const checkpointOf = async (ledger: SmallLedger): Promise<readonly object[]> =>
  (
    await database.query<object>(
      'select revision, chain_hash from writer.heads where stream = $1 and revision >= 0',
      [ledger.stream],
    )
  ).rows;

describe('event tables in a Postgres that are restored from an older dump', () => {
  it.each(['while it runs', 'while it is stopped'])(
    '%s: the ledgers that it concerns stop alone, and are recovered knowingly',
    async (when) => {
      await product.start();
      let concerned = await SmallLedger.open(product.client, 'concerned');
      let other = await SmallLedger.open(product.client, 'other');
      const early = await concerned.transferInTime('early');
      const before = await concerned.balances(positionOf(early));
      await dumpEventTables(database);
      const late = await concerned.transfer('late');
      expect(late.status).toBe(201);
      await concerned.balances(positionOf(late));
      // The checkpoint is of the newer history.
      await product.stop();
      const known = await checkpointOf(concerned);
      expect(known).toHaveLength(1);
      const isRunning = when === 'while it runs';
      if (!isRunning) await restoreEventTables(database);
      await product.start();
      if (isRunning) await restoreEventTables(database);
      [concerned, other] = [concerned.by(product.client), other.by(product.client)];

      const told =
        /The event store has journal-\S+ up to \d+, and .* (?:is|are) at revision \d+: the event store is the older one.*ledgerctl recover/;
      await untilAlarm(product, 'streams', told);
      for (const key of ['late', 'new']) {
        const answer = await concerned.transfer(key);
        expect([answer.status, answer.text]).toEqual([503, expect.stringMatching(told)]);
      }
      const queried = `/v1/ledgers/${concerned.id}/trial-balance`;
      await until('its queries are refused', async () => (await product.client.ask(queried)).status === 503);
      expect((await other.transferInTime('on')).status).toBe(201);
      await other.balances();
      expect(product.log()).toMatch(told);
      await product.stop();
      expect(await checkpointOf(concerned)).toEqual(known);

      const file = `${folder.path}/lost.ndjson`;
      expect(await recover(environment(), '--yes', '--file', file)).toMatchObject({ exitCode: 0 });
      const lost = await readRecoveryFile(file);
      expect(lost.filter(({ kind }) => kind === 'entry').map((line) => line['amount'])).toEqual(['7', '7']);
      const url = await product.start();
      [concerned, other] = [concerned.by(product.client), other.by(product.client)];
      await until('it is built', async () => (await product.client.ask(queried)).status === 200);
      expect(await concerned.balances()).toBe(before);
      expect(await concerned.transferInTime('early')).toMatchObject({ isReplayed: true, text: early.text });
      expect(await concerned.transferInTime('late')).toMatchObject({ status: 201, isReplayed: false });
      expect(await other.transferInTime('on')).toMatchObject({ status: 201, isReplayed: true });
      await untilHealthy(url);
    },
  );
});
