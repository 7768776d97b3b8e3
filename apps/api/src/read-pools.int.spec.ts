import { postgresOrganizationQueries } from '@fintech-ledger/access';
import { postgresLedgerQueries } from '@fintech-ledger/ledger';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { openReadPools } from './read-pools';
import type { ReadPools } from './read-pools';

jest.setTimeout(60_000);

let testing: TestDatabase;
let database: Database;
let pools: ReadPools;
const waiter = { waitFor: () => Promise.resolve(true) };

beforeAll(async () => {
  testing = await testDatabase();
  database = connect({ connectionString: testing.url, max: 1, statementTimeoutMs: 30_000 });
  pools = openReadPools(testing.url, { databasePoolMax: 2, expensiveQueriesMax: 2 });
});
afterAll(async () => {
  await pools.close();
  await database.close();
  await testing.drop();
});

describe('while every connection for queries is taken', () => {
  it('API keys are looked up', async () => {
    const holder = await database.session();
    await holder.query('select pg_advisory_lock(7)');
    const taken = [pools.queries, pools.queries, pools.expensive.db, pools.expensive.db].map((pool) =>
      pool.query('select pg_advisory_xact_lock(7)'),
    );
    const keys = postgresOrganizationQueries(pools.access, waiter);
    expect(await keys.apiKeyCredentials('key_1')).toBeNull();
    await holder.release();
    await Promise.all(taken);
  });
});

describe('while an organization has all turns for expensive queries that it may have', () => {
  it('others have theirs, and what is cheap needs none', async () => {
    const queries = postgresLedgerQueries(pools.queries, waiter, undefined, pools.expensive);
    const { turns } = pools.expensive;
    let end = (): void => undefined;
    const going = turns.run('org_1', () => new Promise<void>((resolve) => (end = resolve)));
    let isAnswered = false;
    const page = { limit: 20 };
    const waiting = queries
      .inTurn?.('org_1')
      .trialBalance('led_1', undefined, page)
      .then(() => (isAnswered = true));
    const other = await queries.inTurn?.('org_2').trialBalance('led_2', undefined, page);
    expect(other?.result.balanced).toBe(true);
    expect((await queries.account('led_1', 'cash')).result).toBeNull();
    expect(isAnswered).toBe(false);
    end();
    await Promise.all([going, waiting]);
    expect(isAnswered).toBe(true);
  });
});
