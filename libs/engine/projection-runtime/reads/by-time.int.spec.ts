import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { seededRandom, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { seedOf } from '../../../testing/seed';
import { byInOrder, withinInOrder } from './by-time';
import { StatementParameters } from './read-at';

const seed = seedOf('BY_TIME_SEED');
const order = { table: 'things', rows: `y.ledger_id = 'led_1'`, revision: 'revision', ms: 'at_ms' };
let testing: TestDatabase;
let database: Database;

beforeAll(async () => {
  testing = await testDatabase();
  database = connect({ connectionString: testing.url, max: 1, statementTimeoutMs: 30_000 });
  await database.query('create schema if not exists read');
  await database.query(`create table read.things (
    ledger_id text, revision bigint, at_ms bigint, fill text, primary key (ledger_id, revision))`);
});
beforeEach(() => database.query('truncate read.things'));
afterAll(async () => {
  await database?.close();
  await testing?.drop();
});

const inserted = (rows: readonly { readonly revision: number; readonly ms: number }[]) =>
  database.query(
    `insert into read.things select l, r, m, repeat('x', 500)
       from unnest($1::bigint[], $2::bigint[]) as t (r, m), unnest(array['led_0', 'led_1', 'led_2']) l`,
    [rows.map(({ revision }) => revision), rows.map(({ ms }) => ms)],
  );
async function selected(
  conditions: (p: StatementParameters) => readonly string[],
): Promise<readonly number[]> {
  const p = new StatementParameters();
  const where = [`x.ledger_id = 'led_1'`, ...conditions(p)].join(' and ');
  const { rows } = await database.query<{ revision: string }>(
    `select x.revision from read.things x where ${where} order by x.revision`,
    p.values,
  );
  return rows.map(({ revision }) => Number(revision));
}

it(`finds what conditions on the time find, whatever the times are (BY_TIME_SEED=${seed})`, async () => {
  const random = seededRandom(seed);
  const upTo = (max: number): number => Math.floor(random() * (max + 1));
  for (let round = 0; round < 40; round += 1) {
    await database.query('truncate read.things');
    let [revision, ms] = [upTo(3) - 1, 1_000];
    const rows = Array.from({ length: upTo(round) }, () => {
      revision += 1 + upTo(upTo(20));
      ms += upTo(2) * upTo(5);
      return { revision, ms };
    });
    await inserted(rows);
    const someMs = (): number => 998 + upTo(ms - 996);
    for (let window = 0; window < 8; window += 1) {
      const [fromMs, toMs] = [someMs(), someMs()];
      const among = (is: (at: number) => boolean) =>
        rows.filter((row) => is(row.ms)).map((row) => row.revision);
      const within = (bounds: object) => selected((p) => withinInOrder(order, bounds, p));
      expect(await within({ fromMs, toMs })).toEqual(among((at) => at >= fromMs && at < toMs));
      expect(await within({ fromMs })).toEqual(among((at) => at >= fromMs));
      expect(await within({ toMs })).toEqual(among((at) => at < toMs));
      const time = new Date(toMs).toISOString();
      expect(await selected((p) => [byInOrder(order, 'x', { time }, p)])).toEqual(among((at) => at <= toMs));
      expect(await selected((p) => [byInOrder(order, 'x', { revision: fromMs }, p)])).toEqual(
        rows.map((row) => row.revision).filter((each) => each <= fromMs),
      );
    }
    expect(await selected((p) => withinInOrder(order, {}, p))).toHaveLength(rows.length);
  }
});

it('reads some pages of a window long ago, and not all that is newer', async () => {
  await inserted(Array.from({ length: 20_000 }, (_, i) => ({ revision: i, ms: i * 10 })));
  await database.query('analyze read.things');
  const p = new StatementParameters();
  const where = [`x.ledger_id = 'led_1'`, ...withinInOrder(order, { fromMs: 1_000, toMs: 1_200 }, p)];
  const { rows } = await database.query<{ 'QUERY PLAN': readonly [{ Plan: Record<string, number> }] }>(
    `explain (analyze, buffers, format json)
     select x.* from read.things x where ${where.join(' and ')} order by x.revision desc limit 20`,
    p.values,
  );
  const [{ Plan: plan }] = rows[0]?.['QUERY PLAN'] as readonly [{ Plan: Record<string, number> }];
  expect(plan['Actual Rows']).toBe(20);
  // All that is newer is on more than 1,000 pages.
  expect((plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0)).toBeLessThan(500);
});
