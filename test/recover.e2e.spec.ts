import { connect } from '@fintech-ledger/postgres';
import { startEventStoreDbServer, testDatabase } from '@fintech-ledger/testing';
import type { EventStoreDbServer, TestDatabase } from '@fintech-ledger/testing';
import { copyFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { untilAlarm, untilHealthy } from './support/readiness';
import { readRecoveryFile, recover } from './support/recover-command';
import { RestartedStandalone } from './support/restarted-standalone';
import { positionOf, SmallLedger } from './support/small-ledger';
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

async function headsOf({ stream }: SmallLedger): Promise<readonly unknown[]> {
  const db = connect({ connectionString: database.url, max: 1, statementTimeoutMs: 30_000 });
  const { rows } = await db.query('select stream, revision from writer.heads where stream = $1', [stream]);
  await db.close();
  return rows;
}

const run = (...parameters: readonly string[]) => recover(environment(), ...parameters);

describe('an older backup of the event store under newer checkpoints and read models', () => {
  it('stops the ledgers that it concerns, keeps what is known, and is accepted by ledgerctl recover', async () => {
    await startOn(file('newer'));
    let concerned = await SmallLedger.open(product.client, 'concerned');
    const other = await SmallLedger.open(product.client, 'other');
    const early = await concerned.transferInTime('early');
    expect(early.status).toBe(201);
    await copyFile(file('newer'), file('older'));
    const late = await concerned.transfer('late');
    expect(late.status).toBe(201);
    const balances = await concerned.balances(positionOf(late));
    expect(balances).toContain('"14"');
    await product.stop();
    await server.close();
    const known = await headsOf(concerned);
    expect(known).toHaveLength(1);

    await startOn(file('older'));
    concerned = concerned.by(product.client);
    // Not booked again at a position that another event had, and not refused as if nothing were known.
    for (const key of ['late', 'later']) {
      const answer = await concerned.transfer(key);
      expect([answer.status, answer.text]).toEqual([
        503,
        expect.stringMatching(/is the older one.*ledgerctl recover/),
      ]);
    }
    expect((await other.by(product.client).transferInTime('other')).status).toBe(201);
    expect(await headsOf(concerned)).toEqual(known);
    expect(product.log()).toMatch(/ALARM: a ledger is not written/);
    await untilAlarm(product, 'streams', /is the older one/);

    const dry = await run('--dry-run');
    expect(dry).toMatchObject({ exitCode: 0, output: expect.stringMatching(/1 streams differ/) });
    const running = await run('--yes', '--file', file('lost'));
    expect(running).toMatchObject({ exitCode: 2, errors: expect.stringMatching(/Stop every process/) });
    await product.stop();
    expect((await run()).exitCode).toBe(2);
    const done = await run('--yes', '--file', file('lost'));
    expect(done).toMatchObject({ exitCode: 0, output: expect.stringMatching(/1 streams are taken/) });
    expect((await stat(file('lost'))).mode & 0o777).toBe(0o600);
    const lost = await readRecoveryFile(file('lost'));
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
    expect(await run('--yes', '--file', file('lost'))).toMatchObject({ exitCode: 0 });

    await product.start();
    concerned = concerned.by(product.client);
    const again = await concerned.transferInTime('late');
    expect(again).toMatchObject({
      text: expect.stringContaining('position'),
      status: 201,
      isReplayed: false,
    });
    expect(await concerned.transfer('early')).toMatchObject({ isReplayed: true, text: early.text });
    expect(await concerned.balances(positionOf(again))).toBe(balances);
    const notes = server.log.records.filter(({ type }) => type === 'OlderStoreAccepted');
    expect(notes).toHaveLength(1);
    await untilHealthy(product.url);
  });
});
