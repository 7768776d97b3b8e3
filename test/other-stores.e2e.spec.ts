import { connect } from '@fintech-ledger/postgres';
import { startEventStoreDbServer, testDatabase } from '@fintech-ledger/testing';
import type { EventStoreDbServer, TestDatabase } from '@fintech-ledger/testing';
import { readFile } from 'node:fs/promises';
import { ledgerctl, recover } from './support/recover-command';
import { RestartedStandalone } from './support/restarted-standalone';
import { SmallLedger } from './support/small-ledger';
import { buildStandalone, temporaryFolder } from './support/standalone-process';

jest.setTimeout(240_000);

/** What `ledgerctl` does with an event store that is not the one of the installation. */
describe('commands that are given another event store', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let database: TestDatabase;
  let right: EventStoreDbServer;
  let wrong: EventStoreDbServer;
  let ledger: SmallLedger;

  const environment = (url: string): Readonly<Record<string, string>> => ({
    DATABASE_URL: database.url,
    EVENT_STORE_URL: url,
    LEASE_TTL_MS: '1000',
  });
  const product = new RestartedStandalone(() => ({
    dataFolder: folder.path,
    environment: environment(right.url),
  }));
  const file = (): string => `${folder.path}/given-up.ndjson`;
  async function query(sql: string): Promise<readonly unknown[]> {
    const db = connect({ connectionString: database.url, max: 1, statementTimeoutMs: 30_000 });
    const { rows } = await db.query(sql);
    await db.close();
    return rows;
  }
  const heads = () => query('select stream, revision from writer.heads where revision >= 0 order by stream');

  beforeAll(async () => {
    buildStandalone();
    [folder, database, right, wrong] = await Promise.all([
      temporaryFolder(),
      testDatabase(),
      startEventStoreDbServer(),
      startEventStoreDbServer(),
    ]);
    await product.start();
    ledger = await SmallLedger.open(product.client, 'books');
    expect((await ledger.transferInTime('k')).status).toBe(201);
    await product.stop();
  });
  afterAll(async () => {
    await product.stop();
    for (const server of [right, wrong]) await server?.close();
    await database?.drop();
    await folder?.remove();
  });

  it.each([
    ['an empty one', () => wrong.url, /EventStoreDB at 127\.\S+ \(EVENT_STORE_URL\)/u],
    [
      'the tables, by a variable that is forgotten',
      () => '',
      /tables of the database \S+(?: on \S+)? \(EVENT_STORE_URL is/u,
    ],
  ])('%s: nothing is accepted, nothing is verified, and it is named', async (_, url, name) => {
    const known = await heads();
    // Of the ledger, of the organization, and of its sandbox.
    expect(known).toHaveLength(3);
    const commands = [
      ['recover', '--dry-run'],
      ['recover', '--yes', '--file', file()],
      ['verify', '--database'],
      ['verify', '--organization'],
    ];
    for (const command of commands) {
      const { exitCode, errors } = await ledgerctl(environment(url()), ...command);
      expect([command, exitCode, errors]).toEqual([
        command,
        2,
        expect.stringMatching(new RegExp(`${name.source}.*is not the store of this installation`, 'u')),
      ]);
      expect(errors).not.toContain('postgresql://');
    }
    await expect(readFile(file())).rejects.toThrow(/ENOENT/);
    expect(wrong.log.records.filter(({ stream }) => !stream.startsWith('$'))).toEqual([]);
    expect(await query(`select from store.streams where name = 'installation'`)).toEqual([]);
    expect(await heads()).toEqual(known);
  });

  it('hold for the right one, which is named too', async () => {
    const verified = await ledgerctl(environment(right.url), 'verify', '--database');
    expect(verified).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/all rows of the read models/),
    });
    // Neither warnings of Node.
    expect(verified.errors).not.toContain('Warning');
    const nothing = await recover(environment(right.url), '--yes');
    expect(nothing).toMatchObject({ exitCode: 0, errors: expect.stringMatching(/reading EventStoreDB at/) });
  });

  it('is accepted empty where that is asked for', async () => {
    const parameters = ['--yes', '--empty-store', '--file', file()];
    const done = await recover(environment(wrong.url), ...parameters);
    expect(done).toMatchObject({ exitCode: 0, output: expect.stringMatching(/3 streams are taken/) });
    expect(await readFile(file(), 'utf8')).toContain(ledger.id);
    expect(await heads()).toEqual([]);
  });
});
