import { connect } from '@fintech-ledger/postgres';
import { startEventStoreDbServer, testDatabase } from '@fintech-ledger/testing';
import type { EventStoreDbServer, TestDatabase } from '@fintech-ledger/testing';
import { spawn } from 'node:child_process';
import { copyFile, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { untilAlarm, untilHealthy } from './support/readiness';
import { RestartedStandalone } from './support/restarted-standalone';
import { buildStandalone, temporaryFolder } from './support/standalone-process';

jest.setTimeout(240_000);

const leaseTtlMs = 1_000;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: TestDatabase;
let server: EventStoreDbServer;

beforeAll(buildStandalone);
beforeEach(async () => {
  [folder, database] = await Promise.all([temporaryFolder(), testDatabase()]);
});
afterEach(async () => {
  await product.stop();
  await server.close();
  await database.drop();
  await folder.remove();
});

const file = (name: string): string => path.join(folder.path, name);
const environment = (): Record<string, string> => ({
  DATABASE_URL: database.url,
  EVENT_STORE_URL: server.url,
  LEASE_TTL_MS: String(leaseTtlMs),
});

async function startOn(dataFile: string): Promise<void> {
  server = await startEventStoreDbServer({ dataFile });
  await product.start();
}

const product = new RestartedStandalone(() => ({ dataFolder: file('data'), environment: environment() }));

async function openLedger(name: string): Promise<string> {
  const { id } = await product.client.accepted<{ id: string }>('/v1/ledgers', { name });
  for (const address of ['a', 'b'])
    await product.client.accepted(`/v1/ledgers/${id}/accounts`, {
      address,
      type: 'asset',
      currency: 'USD',
      min_balance: null,
    });
  return id;
}

const transfer = (ledger: string, key: string) =>
  product.client.post(
    `/v1/ledgers/${ledger}/transfers`,
    { debit_account: 'a', credit_account: 'b', amount: '7', currency: 'USD' },
    key,
  );

async function headsOf(ledger: string): Promise<readonly unknown[]> {
  const db = connect({ connectionString: database.url, max: 1 });
  const { rows } = await db.query('select stream, revision from writer.heads where stream = $1', [
    `journal-${ledger}`,
  ]);
  await db.close();
  return rows;
}

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

function ledgerctl(...parameters: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const script = path.resolve(__dirname, '../scripts/ledgerctl.mjs');
    const child = spawn(process.execPath, [script, 'recover', ...parameters], {
      cwd: folder.path,
      env: { ...process.env, ...environment() },
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.once('close', (exitCode) => resolve({ exitCode, output, errors }));
  });
}

describe('an older backup of the event store under newer checkpoints and read models', () => {
  it('stops the ledgers that it concerns, keeps what is known, and is accepted by ledgerctl recover', async () => {
    await startOn(file('newer'));
    const [concerned, other] = [await openLedger('concerned'), await openLedger('other')];
    const early = await transfer(concerned, 'early');
    expect(early.status).toBe(201);
    await copyFile(file('newer'), file('older'));
    const late = await transfer(concerned, 'late');
    expect(late.status).toBe(201);
    const { position } = JSON.parse(late.text) as { position: string };
    const balances = await product.client.get<object>(`/v1/ledgers/${concerned}/trial-balance`, position);
    expect(JSON.stringify(balances)).toContain('14');
    await product.stop();
    await server.close();
    const known = await headsOf(concerned);
    expect(known).toHaveLength(1);

    await startOn(file('older'));
    // Not booked again at a position that another event had, and not refused as if nothing were known.
    for (const key of ['late', 'later']) {
      const answer = await transfer(concerned, key);
      expect([answer.status, answer.text]).toEqual([
        503,
        expect.stringMatching(/is the older one.*ledgerctl recover/),
      ]);
    }
    expect((await transfer(other, 'other')).status).toBe(201);
    expect(await headsOf(concerned)).toEqual(known);
    expect(product.log()).toMatch(/ALARM: a ledger is not written/);
    await untilAlarm(product.url, 'streams', /is the older one/);

    const dry = await ledgerctl('--dry-run');
    expect(dry).toMatchObject({ exitCode: 0, output: expect.stringMatching(/1 streams differ/) });
    const running = await ledgerctl('--yes', '--file', file('lost'));
    expect(running).toMatchObject({ exitCode: 2, errors: expect.stringMatching(/Stop every process/) });
    await product.stop();
    expect((await ledgerctl()).exitCode).toBe(2);
    const done = await ledgerctl('--yes', '--file', file('lost'));
    expect(done).toMatchObject({ exitCode: 0, output: expect.stringMatching(/1 streams are taken/) });
    expect((await stat(file('lost'))).mode & 0o777).toBe(0o600);
    const lost = (await readFile(file('lost'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lost.filter(({ kind }) => kind === 'checkpoint_idempotency_key').map(({ key }) => key)).toEqual([
      'late',
    ]);
    expect(
      lost.filter(({ kind }) => kind === 'entry').map(({ address, amount }) => [address, amount]),
    ).toEqual([
      ['a', '7'],
      ['b', '7'],
    ]);
    // A second run finds nothing more to do, and overwrites nothing.
    expect(await ledgerctl('--yes', '--file', file('lost'))).toMatchObject({ exitCode: 0 });

    await product.start();
    const again = await transfer(concerned, 'late');
    expect(again).toMatchObject({ status: 201, isReplayed: false });
    expect(await transfer(concerned, 'early')).toMatchObject({ isReplayed: true, text: early.text });
    const { position: now } = JSON.parse(again.text) as { position: string };
    const trial = await product.client.get<{ balanced: boolean }>(
      `/v1/ledgers/${concerned}/trial-balance`,
      now,
    );
    expect(trial).toEqual({ ...balances, position: now });
    const notes = server.log.records.filter(({ type }) => type === 'OlderStoreAccepted');
    expect(notes).toHaveLength(1);
    await untilHealthy(product.url);
  });
});
