// Balances as of a moment on the day on which old books were imported: every entry has a time of its own, and
// one account is in each transaction.
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from '../lib/prepare.mjs';
import { addressOf, generatedEvents } from './generated-events.mjs';
import { partOf } from './part-of.mjs';
import { lib, removeFolder, startPostgres, temporaryFolder } from './start.mjs';
import { Verdicts } from './verdicts.mjs';

const require = createRequire(import.meta.url);
const ledgerId = 'led_import';
const stream = `journal-${ledgerId}`;
const chunk = 50_000;
const rounds = 100;
/** What is asked for: its moments are answered from these. */
const asked = ['accounts', 'entries', 'sums'];
/**
 * Of a balance, of a page of a trial balance with its totals, and of one now, whose totals are of all accounts; and for
 * what share of the times.
 */
const limitsOf = (entries) =>
  entries > 1_000_000
    ? { balanceMs: 50, trialBalanceMs: 50, totalsMs: 500, share: 0.99 }
    : { balanceMs: 20, trialBalanceMs: 500, totalsMs: 500, share: 1 };

export async function run({ accounts = 100_000, transactions = 500_000 }) {
  const verdicts = new Verdicts();
  const folder = await temporaryFolder('as-of');
  const postgres = process.env.DATABASE_URL ? undefined : await startPostgres(path.join(folder, 'postgres'));
  const { connect, migrate } = lib('platform/postgres');
  const url = process.env.DATABASE_URL ?? postgres.url;
  const db = connect({ connectionString: url, max: 12, statementTimeoutMs: 600_000 });
  try {
    await migrate(db, path.join(root, 'schemas/sql'));
    const generator = generatedEvents({ lib, ledgerId, accounts, seed: 1, plain: true, imported: true });
    const started = performance.now();
    for (let done = 0; done < transactions; done += chunk)
      await project(db, generator, Math.min(chunk, transactions - done));
    console.log(
      `${transactions} transactions of ${accounts} accounts in ${((performance.now() - started) / 1_000).toFixed(0)} s`,
    );
    await db.query('vacuum (analyze)');
    const limits = limitsOf(2 * transactions);
    await measure(db, generator, limits, verdicts, '');
    // As it is without the sums: what was added up before there were any.
    await db.query(lib('testing').checkpointsApart);
    await db.query(`update read.checkpoint_rows set revision = revision - 1 where projection = 'sums'`);
    await measure(db, generator, limits, undefined, ' added up');
    return verdicts.print();
  } finally {
    await db.close();
    await postgres?.stop();
    await removeFolder(folder);
  }
}

/** Applies the next transactions to the read models that are asked. */
async function project(db, generator, count) {
  const { modules } = require(path.join(root, 'dist/apps/modules.js'));
  const { directEventFeed } = lib('engine/event-feed');
  const { Projector, PositionWaiter } = lib('engine/projection-runtime');
  const { decode } = modules;
  const projections = modules.projections.filter(({ name }) => asked.includes(name));
  const events = generator.take(count, true);
  const feed = directEventFeed(partOf(events));
  const projector = new Projector({
    db,
    feed: { ...feed, open: ({ after: _after, ...rest }) => feed.open(rest) },
    history: { readStream: async () => [] },
    decode,
    projections,
    observer: {
      halted: ({ reason }) => {
        throw new Error(reason);
      },
    },
  });
  const waiter = new PositionWaiter(db, asked);
  projector.start();
  while (!(await waiter.waitFor(stream, generator.revision - 1, 60_000)));
  await projector.stop();
}

/** @param verdicts undefined: the figures are printed, and have no limit */
async function measure(db, generator, limits, verdicts, how) {
  const { postgresLedgerQueries } = lib('modules/ledger');
  const queries = postgresLedgerQueries(db, { waitFor: async () => true });
  const page = { limit: 100 };
  const onDayOfImport = generator.startMs + Math.floor(generator.revision / 10);
  const onEffectiveDay = generator.startMs - 15 * 86_400_000 + 43_200_000;
  const balance = (moment) => queries.balance(ledgerId, addressOf(0), moment);
  const trial = (moment) => queries.trialBalance(ledgerId, moment, page);
  const asOf = (ms, axis) => ({ time: new Date(ms).toISOString(), axis });
  /** @type {[string, number, (minus: number) => Promise<unknown>][]} */
  const cases = [
    [
      'balance, the day of the import',
      limits.balanceMs,
      (m) => balance(asOf(onDayOfImport - m, 'effective')),
    ],
    [
      'balance, a day that was imported',
      limits.balanceMs,
      (m) => balance(asOf(onEffectiveDay - m, 'effective')),
    ],
    ['balance, recorded', limits.balanceMs, (m) => balance(asOf(onDayOfImport - m, 'recorded'))],
    [
      'trial balance, the day of the import',
      limits.trialBalanceMs,
      (m) => trial(asOf(onDayOfImport - m, 'effective')),
    ],
    [
      'trial balance, a day that was imported',
      limits.trialBalanceMs,
      (m) => trial(asOf(onEffectiveDay - m, 'effective')),
    ],
    ['trial balance, recorded', limits.trialBalanceMs, (m) => trial(asOf(onDayOfImport - m, 'recorded'))],
    [
      'trial balance, a revision',
      limits.trialBalanceMs,
      (m) => trial({ revision: generator.revision - 1_000 - m }),
    ],
    ['trial balance, now', limits.totalsMs, () => trial()],
  ];
  for (const [name, limit, ask] of cases) {
    const times = [];
    // What comes first plans its statements and fills the caches.
    await ask(0);
    for (let round = 0; round < (verdicts ? rounds : 2); round += 1) {
      const started = performance.now();
      await ask(round + 1);
      times.push(performance.now() - started);
    }
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.floor((times.length - 1) * share)];
    console.log(
      `${name}${how}: p50 ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms, slowest ${at(1).toFixed(1)} ms`,
    );
    const which = limits.share === 1 ? 'slowest' : 'p99';
    verdicts?.atMost(`${name}, ${which} of ${rounds}, ms`, at(limits.share), limit);
  }
}
