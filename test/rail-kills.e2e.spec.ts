import { HttpForwarder } from '@fintech-ledger/command-transport';
import { journalStream } from '@fintech-ledger/envelope';
import { PostgresEventStore } from '@fintech-ledger/event-store';
import { envelope } from '@fintech-ledger/journal';
import type { CommandOutcome } from '@fintech-ledger/journal';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './support/free-port';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';

/** RAIL_KILLS: how often the process is killed; 50 take some ten minutes. */
const kills = Number(process.env['RAIL_KILLS'] ?? 4);
jest.setTimeout(300_000 + kills * 30_000);

const pepper = 'a pepper of at least 32 characters';
const stream = journalStream('led_killed');
const payment = {
  type: 'CreatePayment',
  customer: null,
  amount: '10000',
  captureMethod: 'automatic',
  confirm: true,
  currency: 'USD',
  description: null,
  livemode: false,
  metadata: {},
  offSession: false,
  paymentMethod: 'pm_card_visa',
  rail: null,
  returnUrl: null,
  transferGroup: null,
};

describe('a process that is killed between the call of a rail and the event of what it said', () => {
  let database: TestDatabase;
  let pool: Database;
  let store: PostgresEventStore;
  let folder: { readonly path: string; remove(): Promise<void> };
  const forwarder = new HttpForwarder({ secret: pepper });
  const running: { kill(): Promise<void> }[] = [];

  beforeAll(async () => {
    buildStandalone();
    [database, folder] = await Promise.all([testDatabase(), temporaryFolder()]);
    pool = connect({ connectionString: database.url, max: 2, statementTimeoutMs: 30_000 });
    store = new PostgresEventStore({ database: pool });
    await writeFile(keysFile(), '');
  });
  afterAll(async () => {
    for (const one of running) await one.kill();
    await forwarder.close();
    await store?.close();
    await pool?.close();
    await database?.drop();
    await folder?.remove();
  });

  /** Where the processes keep whose calls have killed one of them. */
  const keysFile = (): string => path.join(folder.path, 'killed-keys');
  const killed = async (): Promise<number> => (await readFile(keysFile(), 'utf8')).split('\n').length - 1;
  /** Returns what pays by way of the process that was started. */
  const run = async (when: 'before' | 'after' | 'never') => {
    const port = await freePort();
    const started = await startStandaloneProcess({
      dataFolder: path.join(folder.path, 'data'),
      environment: {
        DATABASE_URL: database.url,
        API_KEY_PEPPER: pepper,
        WRITER_PORT: String(port),
        LEASE_TTL_MS: '2000',
        RAIL_KILL: when,
        RAIL_KILLED: keysFile(),
        NODE_OPTIONS: `--require ${path.resolve(__dirname, 'support', 'rail-kill-in-process.cjs')}`,
      },
    });
    running.push(started);
    return (key: string): Promise<CommandOutcome> => {
      const by = { organizationId: 'org_1', actor: 'key_1', correlationId: key, dryRun: false };
      const keyed = { idempotencyKey: key, requestHash: key };
      return forwarder.forward(`http://127.0.0.1:${port}`, envelope(stream, payment, { ...by, ...keyed }));
    };
  };
  const events = async () => {
    const all = [];
    for (let from = 0; ; from = all.length) {
      const page = await store.readStream(stream, { from: from as never, limit: 500 });
      if (page.length === 0) return all;
      all.push(...page);
    }
  };

  it(`charges once, whatever the rail had done by then, ${kills} times`, async () => {
    const keys = Array.from({ length: kills }, (_, i) => `pay-${i}`);
    for (const [i, key] of keys.entries()) {
      const pay = await run(i % 2 === 0 ? 'before' : 'after');
      // A writer that is still starting takes nothing.
      while ((await killed()) === i) await expect(pay(key)).rejects.toThrow();
      await running.pop()?.kill();
    }
    const pay = await run('never');
    const ids = await Promise.all(
      keys.map(async (key) => {
        for (;;) {
          const outcome = await pay(key).catch(() => undefined);
          if (outcome?.kind === 'accepted') return (JSON.parse(outcome.answer) as { id: string }).id;
          await delay(1_000);
        }
      }),
    );
    expect(new Set(ids).size).toBe(kills);
    const captured = (await events()).filter(({ type }) => type === 'PaymentCaptured');
    const charged = await pool.query<{ payment: string; captured: string; calls: string }>(
      `select payment, captured, (select count(*) from rails.simulator_calls c where c.reference = p.reference) calls
       from rails.simulator_payments p`,
    );
    const sorted = [...ids].sort();
    expect(
      captured.map(({ data }) => (JSON.parse(data) as { payment: { id: string } }).payment.id).sort(),
    ).toEqual(sorted);
    expect(charged.rows.map((row) => row.payment).sort()).toEqual(sorted);
    for (const row of charged.rows) expect(row).toMatchObject({ captured: '10000', calls: '1' });
    // Each of the first half was found unknown by the rail, and was sent again.
    const types = (await events()).map(({ type }) => type);
    expect(types.filter((type) => type === 'PaymentCallRepeated').length).toBeGreaterThanOrEqual(kills);
  });
});
