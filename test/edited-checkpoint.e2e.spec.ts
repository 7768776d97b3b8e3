import type { Database } from '@fintech-ledger/postgres';
import { openEmbedded } from './support/embedded-database';
import { LedgerClient } from './support/ledger-client';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

jest.setTimeout(120_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let standalone: StandaloneProcess;
let client: LedgerClient;
let database: Database;

const ofLedger = (ledger: string): string =>
  `stream_id = (SELECT stream_id FROM writer.heads WHERE stream LIKE '%journal-${ledger}' AND is_live)`;

async function start(): Promise<void> {
  standalone = await startStandaloneProcess({ dataFolder: folder.path });
  client = new LedgerClient(standalone.url, standalone.apiKey);
  database = await openEmbedded(folder.path);
}

async function stop(): Promise<void> {
  await database?.close();
  await client?.close();
  await standalone?.stop();
}

/** A ledger with money in a wallet that can't be overdrawn. */
async function newLedger(name: string): Promise<string> {
  const { id } = await client.accepted<{ id: string }>('/v1/ledgers', { name });
  const accounts = `/v1/ledgers/${id}/accounts`;
  await client.accepted(accounts, { address: 'bank', type: 'asset', currency: 'USD' });
  await client.accepted(accounts, { address: 'shop', type: 'liability', currency: 'USD' });
  await client.accepted(accounts, {
    address: 'wallet',
    type: 'liability',
    currency: 'USD',
    min_balance: '0',
  });
  await client.accepted(`/v1/ledgers/${id}/transfers`, transfer('bank', 'wallet', '123456'), 'top-up');
  return id;
}

const transfer = (debit: string, credit: string, amount: string, more: object = {}) => ({
  debit_account: debit,
  credit_account: credit,
  amount,
  currency: 'USD',
  ...more,
});

/** Changes a stopped ledger's checkpoint as somebody who owns the database, and says what the ledger's writer must know it from. */
async function edit(statement: string): Promise<void> {
  const { rowCount } = await database.query(statement);
  expect(rowCount).toBe(1);
}

async function countEvents(ledger: string): Promise<number> {
  let count = 0;
  for await (const _ of client.list(`/v1/ledgers/${ledger}/events`)) count += 1;
  return count;
}

beforeAll(async () => {
  buildStandalone();
  folder = await temporaryFolder();
  await start();
});
afterAll(async () => {
  await stop();
  await folder?.remove();
});

it('replays the first answer to a key whose row was deleted', async () => {
  const ledger = await newLedger('deleted key');
  const path = `/v1/ledgers/${ledger}/transfers`;
  const first = await client.post(path, transfer('wallet', 'shop', '100'), 'pay-once');
  expect(first.status).toBe(201);
  await stop();
  await start();
  await edit(`DELETE FROM writer.idempotency_keys WHERE ${ofLedger(ledger)} AND key = 'pay-once'`);
  const events = await countEvents(ledger);
  const again = await client.post(path, transfer('wallet', 'shop', '100'), 'pay-once');
  expect(again).toMatchObject({ status: 201, isReplayed: true, text: first.text });
  expect(await countEvents(ledger)).toBe(events);
  expect(standalone.log()).toContain('a checkpoint does not hold');
});

it('knows a captured hold as captured whose row was deleted', async () => {
  const ledger = await newLedger('captured hold');
  const pay = transfer('wallet', 'shop', '100', { pending: true });
  const hold = await client.accepted<{ id: string }>(`/v1/ledgers/${ledger}/transfers`, pay);
  // Another one, from whose money the first could be captured once more.
  await client.accepted(`/v1/ledgers/${ledger}/transfers`, pay);
  const capture = `/v1/ledgers/${ledger}/transactions/${hold.id}/capture`;
  await client.accepted(capture, {});
  await stop();
  await start();
  await edit(`DELETE FROM writer.records WHERE ${ofLedger(ledger)} AND key = 't:${hold.id}'`);
  expect(await client.post(capture, {})).toMatchObject({ code: 'already_captured' });
});

it('refuses to spend again what was spent when the rows of before are put back, each of them as it was written', async () => {
  const ledger = await newLedger('older accounts');
  const path = `/v1/ledgers/${ledger}/transfers`;
  await stop();
  await start();
  await database.query(`CREATE TABLE kept AS SELECT * FROM writer.accounts WHERE ${ofLedger(ledger)}`);
  await client.accepted(path, transfer('wallet', 'shop', '123456'));
  await stop();
  await start();
  await database.query(`DELETE FROM writer.accounts WHERE ${ofLedger(ledger)}`);
  expect((await database.query('INSERT INTO writer.accounts SELECT * FROM kept')).rowCount).toBe(3);
  expect(await client.post(path, transfer('wallet', 'shop', '1'))).toMatchObject({
    status: 422,
    code: 'insufficient_funds',
  });
  await client.accepted(path, transfer('bank', 'wallet', '1'));
  await client.accepted(path, transfer('wallet', 'shop', '1'));
  // What was booked can be loaded later, and goes on from there.
  await stop();
  await start();
  await client.accepted(path, transfer('bank', 'wallet', '1'));
  expect(await client.post(path, transfer('wallet', 'shop', '2'))).toMatchObject({
    code: 'insufficient_funds',
  });
});
