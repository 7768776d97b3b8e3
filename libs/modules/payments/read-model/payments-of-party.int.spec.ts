import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { postgresPaymentQueries } from './postgres-queries';

const ledger = 'led_1';
/** More than are looked for by their shares. */
const shared = 10_500;
/** Those after it are split with nobody. */
const lastShared = 10_900;
const newest = 12_000;
let testing: TestDatabase;
let database: Database;

/**
 * Payments by turns: the platform's own, one that is split with `acct_many`, one that goes to `acct_many`, and one that
 * is `acct_few`'s. Of those that are split some are split with `acct_few` too. Of the last ones `acct_many` gets nothing:
 * a share of nothing has no line of a balance.
 */
beforeAll(async () => {
  testing = await testDatabase();
  database = connect({ connectionString: testing.url, max: 2, statementTimeoutMs: 30_000 });
  await database.query(
    `insert into read.payments (ledger_id, id, created_revision, created_ms, revision, status, metadata, facts)
     select l, 'pay_' || lpad(n::text, 6, '0'), n, n * 10, n, 'succeeded', '{}',
            case when n % 1000 = 3 then '{"connectedAccount": "acct_few"}'
                 when n % 100 = 2 then '{"transferData": {"destination": "acct_many"}}' else '{}' end::jsonb
       from generate_series(1, $1::int) n, unnest(array[$2, 'led_2']) l`,
    [newest, ledger],
  );
  await database.query(
    `insert into read.splits
            (ledger_id, id, created_revision, created_ms, revision, payment_id, split_rule, metadata, facts)
     select $2, 'spl_' || n, n, n * 10, n, 'pay_' || lpad(n::text, 6, '0'), null, '{}',
            jsonb_build_object('shares', jsonb_build_array(
              jsonb_build_object('account', 'platform'), jsonb_build_object(
                'account', 'acct_many', 'amount', case when n > $3::int then '0' else '1' end),
              jsonb_build_object('account', case when n % 2000 = 7 then 'acct_few' else 'acct_other' end)))
       from generate_series(1, $1::int) n`,
    [lastShared, ledger, shared],
  );
  await database.query(
    `insert into read.balance_transactions (ledger_id, id, owner, revision, number, effective_ms, type, amount, fee,
                                            currency, livemode, source, available_ms)
     select $2, 'bt_' || n, 'acct_many', n, 0, n * 10, 'transfer', 1, 0, 'USD', false, 'spl_' || n, n
       from generate_series(1, $1::int) n`,
    [shared, ledger],
  );
  await database.query('analyze read.payments, read.splits, read.balance_transactions');
});
afterAll(async () => {
  await database?.close();
  await testing?.drop();
});

const isFew = (n: number): boolean => n % 1000 === 3 || (n % 2000 === 7 && n <= lastShared);
const isMany = (n: number): boolean => n <= lastShared || (n % 100 === 2 && n % 1000 !== 3);
const all = Array.from({ length: newest }, (_, i) => newest - i);

it.each([
  ['few', isFew],
  ['many', isMany],
  ['none', () => false],
] as const)(
  'finds the payments with an account that has %s, newest first, a page at a time',
  async (who, is) => {
    const queries = postgresPaymentQueries(database, { waitFor: () => Promise.resolve(true) });
    const found: number[] = [];
    let cursor: string | undefined;
    do {
      const page = { limit: 1_000, ...(cursor !== undefined && { cursor }) };
      const { result } = await queries.payments(ledger, { party: `acct_${who}` }, page);
      found.push(...result.data.map(({ revision }) => revision));
      cursor = result.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(found).toEqual(all.filter(is));
    const window = { fromMs: 90_000, toMs: 111_000 };
    const { result } = await queries.payments(ledger, { party: `acct_${who}`, ...window }, { limit: 5_000 });
    expect(result.data.map(({ revision }) => revision)).toEqual(
      all.filter((n) => is(n) && n >= 9_000 && n < 11_100),
    );
  },
);
