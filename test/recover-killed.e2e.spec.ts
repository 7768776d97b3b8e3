import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { startEventStoreDbServer, testDatabase } from '@fintech-ledger/testing';
import type { EventStoreDbServer, TestDatabase } from '@fintech-ledger/testing';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { until, untilHealthy } from './support/readiness';
import { readRecoveryFile, recover, startRecovery } from './support/recover-command';
import { positionOf, SmallLedger } from './support/small-ledger';
import { RestartedStandalone } from './support/restarted-standalone';
import { buildStandalone, temporaryFolder } from './support/standalone-process';

jest.setTimeout(240_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let testing: TestDatabase;
let database: Database;
let server: EventStoreDbServer;

beforeAll(buildStandalone);
beforeEach(async () => {
  [folder, testing, server] = await Promise.all([
    temporaryFolder(),
    testDatabase(),
    startEventStoreDbServer(),
  ]);
  database = connect({ connectionString: testing.url, max: 4, statementTimeoutMs: 30_000 });
});
afterEach(async () => {
  await product.stop();
  await server.close();
  await database.close();
  await testing.drop();
  await folder.remove();
});

const environment = (): Readonly<Record<string, string>> => ({
  DATABASE_URL: testing.url,
  EVENT_STORE_URL: server.url,
  LEASE_TTL_MS: '1000',
});
const file = (name: string): string => path.join(folder.path, name);

const product = new RestartedStandalone(() => ({ dataFolder: file('data'), environment: environment() }));

/** Lets `recover` run until it waits for this lock, and kills it there. */
async function killAt(
  lock: string,
  values: readonly string[],
  output: string,
  meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.query(lock, values);
    const running = startRecovery(environment(), '--yes', '--file', output);
    const isWaiting = async (): Promise<boolean> => {
      const { rows } = await database.query<{ waiting: boolean }>(
        `select exists (select from pg_stat_activity where datname = current_database()
           and application_name like '%ledgerctl%' and wait_event_type = 'Lock') as waiting`,
      );
      return rows[0]?.waiting === true;
    };
    await until(`it waits: ${running.progress()}`, isWaiting);
    await meanwhile();
    await running.kill();
  });
  // What it had sent has ended, or is undone.
  await until('its sessions are gone', async () => {
    const { rows } = await database.query(
      `select 1 from pg_stat_activity where datname = current_database() and application_name like '%ledgerctl%'`,
    );
    return rows.length === 0;
  });
}

const notes = () => server.log.records.filter(({ type }) => type === 'OlderStoreAccepted');

/** The statement that makes it wait, and whether its file is whole and the store's note is there by then. */
const points: readonly (readonly [string, string, (last: string) => readonly string[], boolean, boolean])[] =
  [
    [
      'in the middle of the file',
      'lock table read.transactions in access exclusive mode',
      () => [],
      false,
      false,
    ],
    ['between the file and the note', 'select 1 from meta.installation for update', () => [], true, false],
    ['before anything is dropped', `lock table writer.idempotency_keys in share mode`, () => [], true, true],
    [
      'between two streams',
      'select 1 from writer.heads where stream = $1 for update',
      (last) => [last],
      true,
      true,
    ],
    [
      'in the middle of a stream, whose checkpoint is dropped',
      'select 1 from read.checkpoint_rows where stream = $1 for update',
      (last) => [last],
      true,
      true,
    ],
  ];

describe('ledgerctl recover that is killed and run again', () => {
  it.each(points)(
    '%s: it ends right, with a whole file and one note',
    async (_point, lock, valuesOf, isFileWhole, isNoted) => {
      await product.start();
      const opened = [
        await SmallLedger.open(product.client, 'one'),
        await SmallLedger.open(product.client, 'two'),
      ];
      const before: string[] = [];
      for (const ledger of opened)
        before.push(await ledger.balances(positionOf(await ledger.transferInTime('early'))));
      const count = server.log.records.length;
      for (const ledger of opened) await ledger.balances(positionOf(await ledger.transfer('late')));
      await product.stop();
      server.log.goBack(server.log.records.length - count);

      const last =
        opened
          .map(({ stream }) => stream)
          .sort()
          .at(-1) ?? '';
      await killAt(lock, valuesOf(last), file('first'));
      expect([existsSync(file('first')), notes().length]).toEqual([isFileWhole, isNoted ? 1 : 0]);
      if (isFileWhole) await readRecoveryFile(file('first'));

      // By the same name: a whole file is the one of the run before, also when nobody has noted it.
      const kept = isFileWhole ? await readFile(file('first')) : undefined;
      const again = await recover(environment(), '--yes', '--file', file('first'));
      expect(again).toMatchObject({ exitCode: 0, output: expect.stringMatching(/are taken/) });
      if (isFileWhole && !isNoted)
        expect(again.errors).toMatch(/going on with .*first, which an earlier run has written/);
      if (kept !== undefined) expect(await readFile(file('first'))).toEqual(kept);

      const [note, ...others] = notes();
      expect(others).toEqual([]);
      const said = JSON.parse(new TextDecoder().decode(note?.data)) as {
        file_sha256: string;
        streams: object[];
      };
      const whole = file('first');
      expect(
        createHash('sha256')
          .update(await readFile(whole))
          .digest('hex'),
      ).toBe(said.file_sha256);
      expect(said.streams).toHaveLength(2);
      const lost = await readRecoveryFile(whole);
      for (const { stream } of opened) {
        const entries = lost.filter((line) => line.kind === 'entry' && line['stream'] === stream);
        expect(entries.map((line) => line['amount'])).toEqual(['7', '7']);
      }
      expect((await readdir(folder.path)).filter((name) => name.endsWith('.part'))).toEqual([]);
      expect(await recover(environment())).toMatchObject({
        exitCode: 0,
        output: expect.stringMatching(/nothing to recover/),
      });

      const url = await product.start();
      for (const [index, one] of opened.entries()) {
        const ledger = one.by(product.client);
        await until(
          'it is built',
          async () => (await product.client.ask(ledger.path('trial-balance'))).status === 200,
        );
        expect(await ledger.balances()).toBe(before[index]);
        expect((await ledger.transferInTime('early')).isReplayed).toBe(true);
        expect(await ledger.transferInTime('late')).toMatchObject({ status: 201, isReplayed: false });
      }
      await untilHealthy(url);
    },
  );
});

describe('ledgerctl recover beside another one', () => {
  it('is refused while that one works, and a file that is not its own is never taken for it', async () => {
    await product.start();
    const ledger = await SmallLedger.open(product.client, 'one');
    const count = server.log.records.length;
    await ledger.balances(positionOf(await ledger.transferInTime('late')));
    await product.stop();
    server.log.goBack(server.log.records.length - count);

    await killAt('select 1 from meta.installation for update', [], file('whole'), async () => {
      const other = await recover(environment(), '--yes', '--file', file('other'));
      expect(other).toMatchObject({
        exitCode: 2,
        errors: expect.stringMatching(/Another `ledgerctl recover` works on/),
      });
      expect(existsSync(file('other'))).toBe(false);
    });
    const whole = await readFile(file('whole'), 'utf8');
    const foreign: readonly (readonly [string, string])[] = [
      ['cut', whole.slice(0, -20)],
      ['without its last line', whole.split('\n').slice(0, -2).join('\n')],
      ['of another difference', whole.replace(/"known_hash":"[0-9a-f]{2}/, '"known_hash":"zz')],
      ['of another installation', whole.replace(/"installation_id":"../, '"installation_id":"zz')],
      ['something else', 'notes'],
      ['empty', ''],
    ];
    for (const [what, text] of foreign) {
      await writeFile(file(what), text);
      const refused = await recover(environment(), '--yes', '--file', file(what));
      expect(refused).toMatchObject({
        exitCode: 2,
        errors: expect.stringMatching(/exists: nothing was changed/),
      });
      expect(await readFile(file(what), 'utf8')).toBe(text);
    }
    expect(notes()).toEqual([]);
    expect(await recover(environment(), '--yes', '--file', file('whole'))).toMatchObject({ exitCode: 0 });
    expect(notes()).toHaveLength(1);
  });
});
