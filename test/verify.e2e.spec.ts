import type { Database } from '@fintech-ledger/postgres';
import { tamper } from '@fintech-ledger/testing';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { openEmbedded } from './support/embedded-database';
import { LedgerOverHttp } from './support/ledger-over-http';
import { runStandalone } from './support/running-standalone';
import type { RunningStandalone } from './support/running-standalone';
import { repositoryRoot } from './support/up-process';

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

/** What somebody does to the tables of a running product, and what `ledgerctl verify` says of it. */
describe('ledgerctl verify', () => {
  let server: RunningStandalone;
  let database: Database;

  const verify = (...parameters: readonly string[]): Promise<Ended> =>
    new Promise((resolve) => {
      const script = path.join(repositoryRoot, 'scripts', 'ledgerctl.mjs');
      const env = { ...process.env, LEDGER_URL: server.url, LEDGER_API_KEY: server.apiKey };
      const child = spawn(process.execPath, [script, 'verify', ...parameters], { env });
      let output = '';
      let errors = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
      child.once('close', (exitCode) => resolve({ exitCode, output, errors }));
    });

  /** A ledger of 8 events, all of them projected: two accounts and six transfers. */
  async function traded(): Promise<LedgerOverHttp> {
    const ledger = await LedgerOverHttp.create(server, 'verified');
    for (const [address, type] of Object.entries({ cash: 'asset', sales: 'revenue' }))
      expect((await ledger.post('/accounts', { address, type, currency: 'USD' })).status).toBe(201);
    await transfer(ledger, 6);
    return ledger;
  }
  async function transfer(ledger: LedgerOverHttp, count: number): Promise<void> {
    for (let amount = 1; amount <= count; amount += 1) {
      const body = { debit_account: 'cash', credit_account: 'sales', amount: `7${amount}`, currency: 'USD' };
      expect((await ledger.post('/transfers', body)).status).toBe(201);
    }
    await ledger.balances();
  }
  const inStream = (ledger: LedgerOverHttp): string =>
    `stream_id = (select id from store.streams where name = 'journal-${ledger.id}')`;

  beforeAll(async () => {
    server = await runStandalone();
    database = await openEmbedded(server.dataFolder);
  }, 120_000);
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  }, 60_000);

  it('holds for all ledgers, and demands a hash that was kept, also of a ledger that went on since', async () => {
    const ledger = await traded();
    const first = await verify('--ledger', ledger.id);
    expect(first).toMatchObject({ exitCode: 0, output: expect.stringContaining('8 events hold') as string });
    const [, head = '', hash = ''] = /\((7:([0-9a-f]{64}))\)/.exec(first.output) ?? [];
    await transfer(ledger, 2);
    for (const kept of [head, hash])
      expect(await verify('--ledger', ledger.id, '--expect-head', kept)).toMatchObject({
        exitCode: 0,
        output: expect.stringContaining('10 events hold') as string,
      });
    const other = 'f'.repeat(64);
    expect(await verify('--ledger', ledger.id, '--expect-head', `7:${other}`)).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('revision 7 does not hold: its hash was expected') as string,
    });
    expect(await verify('--ledger', ledger.id, '--expect-head', `12:${other}`)).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('revision 10 does not hold: it is missing') as string,
    });
    expect((await verify('--ledger', ledger.id, '--expect-head', other)).exitCode).toBe(1);
    await traded();
    expect(await verify()).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining('all 2 ledgers hold') as string,
    });
  }, 60_000);

  const damages: readonly (readonly [string, number, (ledger: LedgerOverHttp) => Promise<unknown>])[] = [
    [
      'an amount that was edited',
      4,
      (ledger) =>
        tamper(
          database,
          `update store.events set data = replace(data, '"amount":"73"', '"amount":"74"') where revision = 4 and ${inStream(ledger)}`,
        ),
    ],
    [
      'a second member of one name',
      5,
      (ledger) =>
        tamper(
          database,
          `update store.events set data = replace(data, '"amount":"74"', '"amount":"1","amount":"74"') where revision = 5 and ${inStream(ledger)}`,
        ),
    ],
    [
      'white space',
      2,
      (ledger) =>
        tamper(
          database,
          `update store.events set data = data || ' ' where revision = 2 and ${inStream(ledger)}`,
        ),
    ],
    [
      'a tail that the store still counts',
      6,
      (ledger) => tamper(database, `delete from store.events where revision >= 6 and ${inStream(ledger)}`),
    ],
    [
      'an event in the middle that is gone',
      3,
      (ledger) => tamper(database, `delete from store.events where revision = 3 and ${inStream(ledger)}`),
    ],
    [
      'a tail that is gone everywhere',
      6,
      async (ledger) => {
        await tamper(database, `delete from store.events where revision >= 6 and ${inStream(ledger)}`);
        await tamper(database, `delete from store.appends where last_revision >= 6 and ${inStream(ledger)}`);
        await tamper(database, `update store.streams set revision = 5 where name = 'journal-${ledger.id}'`);
      },
    ],
    [
      'a Merkle log that has another history',
      5,
      (ledger) =>
        tamper(
          database,
          `update read.merkle_tiles set entries = substring(entries for 160) || sha256(entries) || sha256('x') || sha256('y')
            where ledger_id = '${ledger.id}' and level = 0`,
        ),
    ],
    [
      'a ledger that is gone',
      0,
      async (ledger) => {
        await tamper(database, `delete from store.events where ${inStream(ledger)}`);
        await tamper(database, `delete from store.appends where ${inStream(ledger)}`);
        await tamper(database, `delete from store.streams where name = 'journal-${ledger.id}'`);
      },
    ],
  ];

  it.each(damages)(
    'finds %s',
    async (_, revision, damage) => {
      const ledger = await traded();
      await damage(ledger);
      expect(await verify('--ledger', ledger.id)).toMatchObject({
        exitCode: 1,
        errors: expect.stringMatching(
          // The projector looks, too, whether what it applied is there still: it may have been first.
          new RegExp(
            `ledgerctl: revision ${revision} does not hold: |the journal \\S+ has no event 7 any more`,
          ),
        ) as string,
      });
    },
    60_000,
  );

  it('goes through all ledgers, whatever it finds in one of them', async () => {
    const { exitCode, output, errors } = await verify();
    expect(exitCode).toBe(1);
    expect(errors).toContain(`${damages.length} of ${damages.length + 2} ledgers do not hold`);
    expect(output.match(/: \d+ events hold/g)).toHaveLength(2);
  }, 60_000);

  describe('--organization', () => {
    const organizations = (...more: readonly string[]): Promise<Ended> =>
      verify('--organization', ...more, '--data-dir', server.dataFolder);
    const tables = ['events', 'appends'];

    it('verifies what is administered, from the store, and misses the ledger that is gone', async () => {
      const { exitCode, output, errors } = await organizations();
      expect(output).toMatch(/org_\w+: \d+ events hold; the last hash is [0-9a-f]{64}/u);
      // What was done to ledgers before: two are shorter than what is known of them, one is not there at all, two have holes.
      expect(exitCode).toBe(1);
      expect(errors).toMatch(/led_\w+: revision 0 does not hold: it is not in the event store/u);
      expect(errors).toMatch(/led_\w+: revision 6 does not hold: it is not in the event store/u);
    }, 60_000);

    it('finds an event that was edited, and a tail that is gone everywhere', async () => {
      const [{ id = '' } = {}] = (await database.query<{ id: string }>('select id from read.organizations'))
        .rows;
      const inOrganization = `stream_id = (select id from store.streams where name = 'org-${id}')`;
      expect(await organizations(id)).toMatchObject({ exitCode: 0 });
      const edit = (from: string, to: string): Promise<number> =>
        tamper(
          database,
          `update store.events set metadata = replace(metadata, $1, $2) where revision = 1 and ${inOrganization}`,
          [from, to],
        );
      expect(await edit('"actor":"', '"actor":"x')).toBe(1);
      expect(await organizations(id)).toMatchObject({
        exitCode: 1,
        errors: expect.stringContaining(`${id}: revision 1 does not hold: its hash is`) as string,
      });
      await edit('"actor":"x', '"actor":"');
      const [{ last } = { last: '' }] = (
        await database.query<{ last: string }>(
          `select revision as last from store.streams where name = 'org-${id}'`,
        )
      ).rows;
      for (const table of tables) {
        const column = table === 'events' ? 'revision' : 'last_revision';
        await tamper(database, `delete from store.${table} where ${column} = ${last} and ${inOrganization}`);
      }
      await tamper(database, `update store.streams set revision = revision - 1 where name = 'org-${id}'`);
      expect(await organizations(id)).toMatchObject({
        exitCode: 1,
        errors: expect.stringContaining(
          `${id}: revision ${last} does not hold: it is not in the event store`,
        ) as string,
      });
    }, 60_000);

    it('ends with 2 when there is nothing to read', async () => {
      expect(
        await verify('--organization', '--data-dir', path.join(server.dataFolder, 'nowhere')),
      ).toMatchObject({
        exitCode: 2,
        errors: expect.stringContaining('No database runs in') as string,
      });
      expect((await organizations('org_unknown')).exitCode).toBe(2);
      expect((await verify('--organization', '--ledger', 'led_1')).exitCode).toBe(2);
    }, 60_000);
  });
});
