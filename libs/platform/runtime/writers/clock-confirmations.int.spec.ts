import { GuardedClock } from '@fintech-ledger/journal';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { confirmClock, PostgresClockWitness } from './clock-confirmations';

const container = '203.0.113.7';
const hours = 2 * 3_600_000;

/** A database of a test runs on this machine: functions in front of PostgreSQL's own ones give it another address, and a clock that jumps. */
const elsewhere = `
create schema elsewhere;
create table elsewhere.place (address inet, jump_ms double precision not null);
insert into elsewhere.place values (null, 0);
create function elsewhere.inet_server_addr() returns inet language sql as 'select address from elsewhere.place';
create function elsewhere.clock_timestamp() returns timestamptz language sql as
  $$ select pg_catalog.clock_timestamp() + jump_ms * interval '1 millisecond' from elsewhere.place $$;
`;

let testing: TestDatabase;
let database: Database;
let moved: Database;

beforeAll(async () => {
  testing = await testDatabase();
  database = connect({ connectionString: testing.url, max: 2, statementTimeoutMs: 30_000 });
  for (const statement of elsewhere.split(/;\n/).filter((text) => text.trim() !== ''))
    await database.query(statement);
  moved = connect({
    connectionString: testing.url,
    max: 2,
    schema: 'elsewhere,pg_catalog',
    statementTimeoutMs: 30_000,
  });
});
afterAll(async () => {
  await moved?.close();
  await database?.close();
  await testing?.drop();
});
beforeEach(async () => {
  await database.query('truncate writer.clock_confirmations restart identity');
});

describe('what the database testifies', () => {
  it('is its clock, which is ours where it runs on this machine, whatever is said of it', async () => {
    for (const isIndependent of [false, true]) {
      const beforeMs = Date.now();
      const { timeMs, ...rest } = await new PostgresClockWitness(database, isIndependent).ask();
      expect(rest).toEqual({ isSameClock: true, confirmations: 0, confirmedUntilMs: 0 });
      // One clock; a process reads it in whole milliseconds.
      expect(timeMs).toBeGreaterThanOrEqual(beforeMs);
      expect(timeMs).toBeLessThan(Date.now() + 1);
    }
  });

  it('is what operators have confirmed, and up to when it was used', async () => {
    const witness = new PostgresClockWitness(database, false);
    const usedMs = Date.UTC(2036, 0, 2, 3, 4, 5, 678);
    await witness.keep(usedMs);
    expect(await witness.ask()).toMatchObject({ confirmations: 0, confirmedUntilMs: 0 });
    const { id, confirmedAt } = await confirmClock(database, 'key_1');
    expect(new Date(confirmedAt).toISOString()).toBe(confirmedAt);
    expect(await witness.ask()).toMatchObject({ confirmations: Number(id), confirmedUntilMs: 0 });
    await witness.keep(usedMs);
    // An earlier one takes nothing back, and neither does a new confirmation.
    await witness.keep(usedMs - hours);
    await confirmClock(database, 'key_2');
    expect(await witness.ask()).toMatchObject({ confirmations: Number(id) + 1, confirmedUntilMs: usedMs });
    await witness.keep(usedMs + 1);
    expect((await witness.ask()).confirmedUntilMs).toBe(usedMs + 1);
  });
});

/** What a clock says of a jump that the database's shares, when the database is reached at this address. */
async function afterSharedJump(address: string | null, isIndependent: boolean, jumpMs: number) {
  let jumped = 0;
  await database.query('update elsewhere.place set address = $1::inet, jump_ms = 0', [address]);
  const clock = new GuardedClock({
    witness: new PostgresClockWitness(moved, isIndependent),
    onDoubt: () => undefined,
    wallMs: () => Date.now() + jumped,
    limits: { lookMs: 5 },
  });
  await clock.start();
  expect(clock.doubt()).toBeUndefined();
  await database.query('update elsewhere.place set jump_ms = $1', [jumpMs]);
  jumped = jumpMs;
  clock.nowMs();
  // As long as it is looked into, or was compared while only one of the two had jumped.
  while (/looked into$|: set it right$/.test(clock.doubt() ?? '')) await sleep(5);
  clock.stop();
  return clock.doubt();
}

describe('a jump that the clock of the database shares', () => {
  it.each([
    ['in another container, unless it is said to be independent', container, false],
    ['behind a socket', null, true],
    ['on this machine, whatever is said of it', '127.0.0.1', true],
  ])('waits for an operator where the database is %s', async (_where, address, isIndependent) => {
    expect(await afterSharedJump(address, isIndependent, hours)).toContain('ledgerctl clock confirm');
    expect(await afterSharedJump(address, isIndependent, -hours)).toContain('ledgerctl clock confirm');
    expect(await afterSharedJump(address, isIndependent, hours / 4)).toBeUndefined();
  });

  it.each([hours, -hours])(
    'is believed where its clock is independent: this machine was suspended',
    async (jumpMs) => {
      expect(await afterSharedJump(container, true, jumpMs)).toBeUndefined();
    },
  );
});
