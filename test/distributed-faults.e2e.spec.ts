import type { TrialBalanceView } from '@fintech-ledger/application';
import type { VerifiedEvent } from '@fintech-ledger/books';
import { seededRandom } from '@fintech-ledger/testing';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { JournalAudit } from '../libs/testing/src/simulation';
import { CrashLoad } from './support/crash-load';
import { LedgerClient } from './support/ledger-client';
import { runDistributed } from './support/running-standalone';
import type { RunningDistributed } from './support/running-standalone';

jest.setTimeout(120_000);

const seed = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000);
const victims = ['relay', 'writer-1', 'projector-1', 'kafka', 'api', 'writer-2', 'projector-2'];

interface Projection {
  readonly name: string;
  readonly state: string;
  readonly lag: { readonly events: number | null };
  readonly last_error: string | null;
}

describe(`the distributed set under load, each of its processes killed (seed ${seed})`, () => {
  let running: RunningDistributed;
  let client: LedgerClient;

  beforeAll(async () => {
    running = await runDistributed({ LEASE_TTL_MS: '2000' }, '--writers', '2', '--projectors', '2');
    client = new LedgerClient(running.url, running.apiKey);
  });
  afterAll(async () => {
    await client?.close();
    await running?.stop();
  });

  it('books every acknowledged command once and nothing else, and the read models catch up', async () => {
    const { id: ledger } = await client.accepted<{ id: string }>('/v1/ledgers', { name: 'faults' });
    const load = new CrashLoad(ledger, seededRandom(seed));
    await load.openAccounts(client);
    const stop = new AbortController();
    const loading = load.run(client, 1, stop.signal);
    for (const name of victims) {
      await delay(1_500);
      process.kill(running.processes[name] ?? 0, 'SIGKILL');
    }
    await delay(3_000);
    stop.abort();
    await loading;

    const open = load.sent.filter(({ answer, refused }) => answer === undefined && refused === undefined);
    await Promise.all(open.map((command) => load.settle(client, command)));
    const audit = new JournalAudit();
    for await (const event of client.list<VerifiedEvent>(`/v1/ledgers/${ledger}/events`)) audit.add(event);
    audit.check();
    const acknowledged = load.sent.filter(({ answer }) => answer !== undefined);
    console.info(
      `distributed: CRASH_SEED=${seed}, ${acknowledged.length} commands, ${audit.nextRevision} events`,
    );
    expect(acknowledged.length).toBeGreaterThan(100);
    for (const { key } of acknowledged) expect([key, audit.byKey.has(key)]).toEqual([key, true]);
    await load.replay(client, acknowledged);

    await untilCaughtUp();
    const path = `/v1/ledgers/${ledger}/trial-balance`;
    const trial = await client.get<TrialBalanceView>(path, `${ledger}@${audit.nextRevision - 1}`);
    expect(trial.balanced).toBe(true);
  });

  async function untilCaughtUp(): Promise<void> {
    for (const deadline = Date.now() + 40_000; ; await delay(100)) {
      const { data } = await client.get<{ data: readonly Projection[] }>('/v1/projections');
      if (data.every(({ state, lag }) => state === 'running' && lag.events === 0)) return;
      if (Date.now() > deadline) throw new Error(JSON.stringify(data));
    }
  }
});
