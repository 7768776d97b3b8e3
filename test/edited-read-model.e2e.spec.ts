import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bookToEdit, edits, readers } from './support/edited-rows';
import type { BookedLedger, Edit } from './support/edited-rows';
import { readiness, until, untilHealthy } from './support/readiness';
import { RestartedStandalone } from './support/restarted-standalone';
import { positionOf, SmallLedger } from './support/small-ledger';
import { buildStandalone, temporaryFolder } from './support/standalone-process';

jest.setTimeout(120_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let testing: TestDatabase;
let database: Database;

beforeAll(buildStandalone);
beforeAll(open);
afterAll(close);

async function open(): Promise<void> {
  [folder, testing] = await Promise.all([temporaryFolder(), testDatabase()]);
  database = connect({ connectionString: testing.url, max: 1, statementTimeoutMs: 30_000 });
}

async function close(): Promise<void> {
  await product.stop();
  await database.close();
  await testing.drop();
  await folder.remove();
}

const product = new RestartedStandalone(() => ({
  dataFolder: folder.path,
  environment: { DATABASE_URL: testing.url },
}));

it.each([
  ['when a reader meets them', false, 'read_model_inconsistent'],
  ['when a ledger is halted at them', true, 'read_model_halted'],
])('builds the read models from the events again, as the guide says, %s', async (_name, isBooked, code) => {
  await product.start();
  let ledger = await SmallLedger.open(product.client, code);
  const balance = ledger.path('accounts/a/balance');
  const first = positionOf(await ledger.transfer());
  const before = await ledger.balances(first);
  await database.query(
    `update read.accounts set posted_debits = 999
      where address = 'a' and ledger_key = read.ledger_key($1)`,
    [ledger.id],
  );
  const last = isBooked ? positionOf(await ledger.transfer()) : first;
  const isRefused = async (): Promise<boolean> =>
    (await product.client.ask(balance)).text.includes(`"${code}"`);
  await until('its balance is refused', isRefused);
  expect((await product.client.ask(balance)).text).toContain('docs/how-to/watch-health-and-logs.md');
  await product.stop();

  const guide = readFileSync(path.resolve(__dirname, '../docs/how-to/watch-health-and-logs.md'), 'utf8');
  const [, statement = ''] = /psql "\$DATABASE_URL" -c '(.+)'/.exec(guide) ?? [];
  await database.query(statement);
  const url = await product.start();
  ledger = ledger.by(product.client);
  await until('it is built', async () => (await product.client.ask(balance)).status === 200);
  await untilHealthy(url);
  if (isBooked) expect(await product.client.get(balance, last)).toMatchObject({ posted: { debits: '14' } });
  else expect(await ledger.balances(last)).toBe(before);
  expect((await ledger.transfer()).status).toBe(201);
  await product.stop();
  // Queries read the other side of the tables now: the next one edits those of a new database.
  await close();
  await open();
});

describe('a row that was edited', () => {
  const tables = [
    'accounts',
    'entries',
    'dated_days',
    'dated_sums',
    'dated_totals',
    'moments',
    'transactions',
  ];
  let booked: BookedLedger;
  const pathOf = (path: string): string =>
    booked.ledger.path(
      path
        .replace('{position}', booked.position)
        .replace('{time}', booked.time)
        .replace('{transaction}', booked.transaction),
    );
  const ask = (path: string) => product.client.askWithoutWaiting(pathOf(path));
  const alarms = async (): Promise<string> =>
    (await readiness(product.url, product.apiKey)).checks['projections'] ?? '';
  const readAll = async (): Promise<readonly string[]> => {
    const answers = await Promise.all(readers.map(([path]) => ask(path)));
    return answers.map(({ status, text }, i) => `${readers[i]?.[0]} ${status} ${status === 200 ? '' : text}`);
  };
  const allAnswer = readers.map(([path]) => `${path} 200 `);

  beforeAll(async () => {
    await product.start();
    booked = await bookToEdit(product.client);
    // The last thing that is read waits for all that was written.
    await booked.ledger.balances();
    await until('every reader answers', async () => (await readAll()).join() === allAnswer.join());
    for (const table of tables) await database.query(`create table ${table}_kept as table read.${table}`);
  });
  afterEach(async () => {
    for (const table of tables) {
      await database.query(`delete from read.${table}`);
      await database.query(`insert into read.${table} table ${table}_kept`);
    }
    expect(await readAll()).toEqual(allAnswer);
    // The watch over all accounts looks once a minute: its alarm may stand longer.
    expect(await alarms()).not.toContain('The read model of');
  });

  const found = new Map<Edit, string[]>();
  for (const [path, finds] of readers)
    for (const edit of finds) found.set(edit, [...(found.get(edit) ?? []), path]);

  it.each([...found])('is not answered: %s', async (edit, paths) => {
    await database.query(edits[edit], [booked.ledger.id]);
    for (const path of paths) {
      const { status, code, text } = await ask(path);
      expect({ path, status, code, text }).toMatchObject({
        path,
        status: 503,
        code: 'read_model_inconsistent',
      });
      const { detail } = JSON.parse(text) as { detail: string };
      expect(await alarms()).toContain(detail);
    }
    const answers = await readAll();
    expect(answers.filter((answer) => answer.includes(' 500 '))).toEqual([]);
  });

  it('is tried in every way that is listed', () => {
    expect([...found.keys()].sort()).toEqual(Object.keys(edits).sort());
  });
});
