import { HttpForwarder } from '@fintech-ledger/command-transport';
import { journalStream } from '@fintech-ledger/envelope';
import { PostgresEventStore } from '@fintech-ledger/event-store';
import { envelope } from '@fintech-ledger/journal';
import type { CommandOutcome } from '@fintech-ledger/journal';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CallFacts } from '../libs/testing/carrier/carrier-events';
import { startApp } from './support/app-process';
import { CarrierServer } from './support/carrier-server';
import { freePort } from './support/free-port';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';

jest.setTimeout(180_000);

const pepper = 'a pepper of at least 32 characters';
const parcels = Array.from({ length: 30 }, (_, i) => `p${i}`);

/** A process that writes ledgers, with the test module in its list, as its own main starts it. */
interface Process {
  kill(): Promise<void>;
}
type Start = (environment: Readonly<Record<string, string>>) => Promise<Process>;

const startWriter: Start = (environment) => startApp('writer', environment);
const startStandalone: Start = async (environment) => {
  const folder = await temporaryFolder();
  const process = await startStandaloneProcess({ dataFolder: folder.path, environment });
  return { kill: () => process.kill().then(() => folder.remove()) };
};

describe.each([
  ['writer', startWriter],
  ['standalone', startStandalone],
])('what events of a module intend, in a %s that is killed', (_app, start) => {
  let database: TestDatabase;
  let carrier: CarrierServer;
  let pool: Database;
  let store: PostgresEventStore;
  let running: Process | undefined;
  const forwarder = new HttpForwarder({ secret: pepper });
  const stream = journalStream('led_carried');

  beforeAll(async () => {
    buildStandalone();
    [database, carrier] = await Promise.all([testDatabase(), CarrierServer.start()]);
    pool = connect({ connectionString: database.url, max: 2, statementTimeoutMs: 30_000 });
    store = new PostgresEventStore({ database: pool });
  });
  afterAll(async () => {
    await running?.kill();
    await Promise.all([forwarder.close(), carrier?.close()]);
    await store?.close();
    await pool?.close();
    await database?.drop();
  });

  /** Returns what has parcels taken, by way of the process that was started. */
  const run = async (): Promise<(parcelId: string, type?: string) => Promise<CommandOutcome>> => {
    const port = await freePort();
    running = await start({
      DATABASE_URL: database.url,
      API_KEY_PEPPER: pepper,
      WRITER_PORT: String(port),
      CARRIER_URL: carrier.url,
      LEASE_TTL_MS: '2000',
      NODE_OPTIONS: `--require ${path.resolve(__dirname, 'support', 'carrier-in-process.cjs')}`,
    });
    return async (parcelId, type = 'HandOver') => {
      const by = { organizationId: 'org_1', actor: 'system', correlationId: parcelId, dryRun: false };
      const key = { idempotencyKey: parcelId, requestHash: parcelId };
      const command = { type, parcelId, currency: 'USD' };
      return forwarder.forward(`http://127.0.0.1:${port}`, envelope(stream, command, { ...by, ...key }));
    };
  };
  const restarted = async () => {
    await running?.kill();
    running = undefined;
    return run();
  };
  /** How the calls have ended that have. */
  const ended = async (): Promise<readonly string[]> => {
    const events = await store.readStream(stream, { limit: 1_000 });
    return events
      .filter(({ type }) => type !== 'CarrierAttempted')
      .map(({ type, data }) => `${type} ${(JSON.parse(data) as { call: CallFacts }).call.parcelId}`);
  };
  const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await condition())) await delay(50);
  };

  it('is done once for each key, whatever the other side had done by then, and recorded once', async () => {
    // Of a third the answer is there before the kill; the others are under way, carried out or not.
    carrier.mood = (key) =>
      (['answers', 'is silent after it', 'is silent before it'] as const)[Number(key.slice(1)) % 3] ??
      'answers';
    const handOver = await run();
    await Promise.all(parcels.map((id) => handOver(id)));
    await until(async () => carrier.calls >= parcels.length && (await ended()).length > 0);
    await running?.kill();
    running = undefined;
    const before = new Set(carrier.taken);
    expect(before.size).toBeGreaterThanOrEqual((parcels.length / 3) * 2);
    expect((await ended()).length).toBeLessThan(parcels.length);
    carrier.mood = () => 'answers';

    const again = await run();
    await again('p0');
    await until(async () => (await ended()).length >= parcels.length);
    expect((await ended()).toSorted()).toEqual(parcels.map((id) => `CarrierTook ${id}`).sort());
    expect([...carrier.taken].sort()).toEqual(parcels.toSorted());
    // What was carried out is asked about, and not handed over again.
    for (const key of before) expect([key, carrier.handedOver.get(key)]).toEqual([key, 1]);
  });

  it('answers who waits for it: at once, and after a kill to whoever sends the command again', async () => {
    const before = carrier.calls;
    let send = (id: string) => again(id, 'SendParcel');
    const again = await restarted();
    carrier.mood = () => 'answers';
    const first = await send('sent-0');
    expect(first).toMatchObject({ kind: 'accepted', replayed: false });
    // Of one the call is done, of the other it is not; nobody here knows.
    carrier.mood = (key) => (key === 'sent-1' ? 'is silent after it' : 'is silent before it');
    const waiting = ['sent-1', 'sent-2'].map((id) => send(id).catch((error: Error) => error.name));
    await until(() => carrier.calls >= before + 3);
    await running?.kill();
    running = undefined;
    expect(await Promise.all(waiting)).toEqual(['CommandOutcomeUnknown', 'CommandOutcomeUnknown']);
    carrier.mood = () => 'answers';

    const other = await run();
    send = (id) => other(id, 'SendParcel');
    expect(await send('sent-0')).toEqual({ ...first, replayed: true });
    const answered = await Promise.all(['sent-1', 'sent-2'].map(send));
    for (const one of answered) expect(one).toMatchObject({ kind: 'accepted', replayed: true });
    expect(await Promise.all(['sent-1', 'sent-2'].map(send))).toEqual(answered);
    for (const key of ['sent-0', 'sent-1', 'sent-2']) expect(carrier.handedOver.get(key)).toBe(1);
  });
});
