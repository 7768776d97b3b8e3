import { existsSync } from 'node:fs';
import process from 'node:process';
import { openEmbedded } from './support/embedded-database';
import { dumpEventTables, restoreEventTables } from './support/older-event-tables';
import { until, untilHealthy } from './support/readiness';
import { readRecoveryFile, recover, startRecovery } from './support/recover-command';
import { positionOf, SmallLedger } from './support/small-ledger';
import { RestartedStandalone } from './support/restarted-standalone';
import { buildStandalone, temporaryFolder } from './support/standalone-process';

jest.setTimeout(240_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(buildStandalone);
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await product.stop();
  await folder.remove();
});

const environment = { LEASE_TTL_MS: '1000', DATABASE_URL: '' };
const file = (): string => `${folder.path}/lost.ndjson`;

const product = new RestartedStandalone(() => ({ dataFolder: `${folder.path}/data`, environment }));

const run = (...parameters: readonly string[]) =>
  recover(environment, '--data-dir', `${folder.path}/data`, ...parameters);

async function inDatabase(work: typeof dumpEventTables): Promise<void> {
  const database = await openEmbedded(`${folder.path}/data`);
  await work(database);
  await database.close();
}

describe('ledgerctl recover on the embedded database', () => {
  it('says that there is nothing to recover where all is consistent, and changes nothing', async () => {
    await product.start();
    const ledger = await SmallLedger.open(product.client, 'main');
    const answer = await ledger.transferInTime('k');
    expect(await run('--dry-run')).toMatchObject({
      exitCode: 2,
      errors: expect.stringMatching(/is in use by another fintech-ledger \(process \d+\): stop that one/),
    });
    await product.stop();
    for (const parameters of [['--dry-run'], ['--yes', '--file', file()], []]) {
      expect(await run(...parameters)).toMatchObject({
        exitCode: 0,
        output: expect.stringMatching(
          /^The event store has all that is known of it: there is nothing to recover\.$/m,
        ),
      });
    }
    await expect(readRecoveryFile(file())).rejects.toThrow(/ENOENT/);
    await untilHealthy(await product.start());
    expect(await ledger.by(product.client).transferInTime('k')).toMatchObject({
      isReplayed: true,
      text: answer.text,
    });
  });

  it('has the data folder as a ledger has: neither another one nor a ledger gets in', async () => {
    await product.start();
    await product.stop();
    const first = startRecovery(environment, '--data-dir', `${folder.path}/data`, '--dry-run');
    // Before it has started its Postgres.
    await until('it has the folder', () => Promise.resolve(existsSync(`${folder.path}/data/lock`)));
    process.kill(first.pid, 'SIGSTOP');
    const inUse = new RegExp(`is in use by another fintech-ledger \\(process ${first.pid}\\)`);
    expect(await run('--dry-run')).toMatchObject({ exitCode: 2, errors: expect.stringMatching(inUse) });
    await expect(product.start()).rejects.toThrow(inUse);
    process.kill(first.pid, 'SIGCONT');
    expect(await first.ended).toMatchObject({ exitCode: 0 });
    await product.start();
  });

  it('accepts event tables that are older than the rest, with a ledger that was opened later', async () => {
    await product.start();
    let ledger = await SmallLedger.open(product.client, 'main');
    const early = await ledger.transferInTime('early');
    const before = await ledger.balances(positionOf(early));
    await inDatabase(dumpEventTables);
    const late = await ledger.transfer('late');
    const later = await SmallLedger.open(product.client, 'later');
    const alone = await later.transfer('alone');
    await later.balances(positionOf(alone));
    await ledger.balances(positionOf(late));
    await product.stop();
    await product.start();
    await inDatabase(restoreEventTables);
    await product.stop();

    const dry = await run('--dry-run');
    expect(dry).toMatchObject({ exitCode: 0, output: expect.stringMatching(/3 streams differ/) });
    // Killed in the middle, it leaves its Postgres running: the next one takes it up.
    const killed = startRecovery(environment, '--data-dir', `${folder.path}/data`, '--yes', '--file', file());
    await until('it works', () => Promise.resolve(/reading|wrote/.test(killed.progress())));
    await killed.kill();
    const second = `${file()}.2`;
    expect(await run('--yes', '--file', second)).toMatchObject({ exitCode: 0 });
    // Where it was killed is left to chance: the first file is whole, or is not there.
    const first = existsSync(file()) ? await readRecoveryFile(file()) : [];
    const lost = [...first, ...(existsSync(second) ? await readRecoveryFile(second) : [])];
    expect(lost.find(({ kind }) => kind === 'ledger')).toMatchObject({ id: later.id, name: 'later' });
    const keys = lost.filter(({ kind }) => kind === 'checkpoint_idempotency_key').map((line) => line['key']);
    expect(keys).toEqual(expect.arrayContaining(['late', 'alone']));
    expect(keys).not.toContain('early');

    const url = await product.start();
    ledger = ledger.by(product.client);
    await until(
      'it is built',
      async () => (await product.client.ask(ledger.path('trial-balance'))).status === 200,
    );
    expect(await ledger.balances()).toBe(before);
    expect(await ledger.transferInTime('late')).toMatchObject({ status: 201, isReplayed: false });
    expect((await product.client.ask(later.path('trial-balance'))).status).toBe(404);
    const again = await SmallLedger.open(product.client, 'again');
    await again.balances(positionOf(await again.transfer()));
    await untilHealthy(url);
    await product.stop();
    expect(await run()).toMatchObject({ exitCode: 0, output: expect.stringMatching(/nothing to recover/) });
  });
});
