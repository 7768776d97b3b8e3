import { postgresOrganizationQueries } from '@fintech-ledger/access';
import { postgresPublicEventQueries } from '@fintech-ledger/events';
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
  pools = openReadPools(testing.url, { databasePoolMax: 4, expensiveQueriesMax: 2 });
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
    const { queries, turns } = pools;
    const all = [queries, queries, queries, queries, turns.expensive.db, turns.expensive.db];
    const taken = all.map((pool) => pool.query('select pg_advisory_xact_lock(7)'));
    const keys = postgresOrganizationQueries(pools.keys, waiter);
    expect(await keys.apiKeyCredentials('key_1')).toBeNull();
    await holder.release();
    await Promise.all(taken);
  });
});

describe('while an organization has all turns for expensive queries that it may have', () => {
  it('others have theirs, and what is cheap has its own', async () => {
    const queries = postgresLedgerQueries(pools.queries, waiter, undefined, pools.turns);
    const { turns } = pools.turns.expensive;
    let end = (): void => undefined;
    const going = turns.run('org_1', () => new Promise<void>((resolve) => (end = resolve)));
    let isAnswered = false;
    const page = { limit: 20 };
    const waiting = queries
      .inTurn?.({ organizationId: 'org_1', isExpensive: true })
      .trialBalance('led_1', undefined, page)
      .then(() => (isAnswered = true));
    const other = await queries
      .inTurn?.({ organizationId: 'org_2', isExpensive: true })
      .trialBalance('led_2', undefined, page);
    expect(other?.result.balanced).toBe(true);
    const cheap = await queries.inTurn?.({ organizationId: 'org_1' }).account('led_1', 'cash');
    expect(cheap?.result).toBeNull();
    expect(isAnswered).toBe(false);
    end();
    await Promise.all([going, waiting]);
    expect(isAnswered).toBe(true);
  });
});

describe('while an organization asks as much as it may at once', () => {
  const page = { limit: 20 };

  it('another one is answered before what of it waits, about ledgers and about itself', async () => {
    const { plain } = pools.turns;
    const asked: (() => void)[] = [];
    const all = Array.from({ length: 10 }, () =>
      plain.turns.run('org_1', () => new Promise<void>((resolve) => asked.push(resolve))),
    );
    const ledgers = postgresLedgerQueries(pools.queries, waiter, undefined, pools.turns);
    const organizations = postgresOrganizationQueries(pools.queries, waiter, plain.turns);
    const events = postgresPublicEventQueries(pools.queries, waiter, plain.turns);
    let isAnswered = false;
    const waiting = organizations.apiKeys('org_1', page).then(() => (isAnswered = true));
    const begun = asked.length;
    expect(begun).toBeLessThan(10);
    const other = ledgers.inTurn?.({ organizationId: 'org_2' });
    expect((await other?.account('led_2', 'cash'))?.result).toBeNull();
    expect((await organizations.apiKeys('org_2', page)).result.data).toEqual([]);
    expect((await events.find('org_2', { types: ['ledger.created'] }, 1)).result).toEqual([]);
    expect([asked.length, isAnswered]).toEqual([begun, false]);
    while (asked.length > 0) {
      asked.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all([...all, waiting]);
    expect(isAnswered).toBe(true);
  });
});
