#!/usr/bin/env node
// Benchmarks. Every figure stands beside a peer that was measured in the same run, because the machine's speed is not known.
import { parseArgs } from 'node:util';
import { build, installMissing } from './lib/prepare.mjs';

const usage = `Usage: npm run bench -- [writes|paired|ledgers|large|as-of|distributed|halts|kills|neighbours|webhooks|
                         live-rebuild|payments]
                        [--seconds N] [--accounts N] [--transactions N]
                        [--connections N] [--tool raw|autocannon] [--store eventstoredb|postgres]

  writes  (default) single posts (uniform, zipf, one hot account; closed and open loop) beside a bare Fastify echo,
          and bulk of 1,000 beside a raw batch insert of the same events into the same Postgres
          --tool: what makes the load of the closed loops, for us and for the echo alike. autocannon (default) is the public tool; raw is a
          generator over bare sockets that costs a third of it, so that the echo is three times as fast and the ratio smaller
  paired  single posts of this build beside those of another one, in turns (--against: a checkout that is built;
          --rounds 5; --log-level warn, else the default level of both; --tool raw;
          --operations 'one hot account': only this load)
  ledgers single posts over many ledgers beside those to one, in turns (--ledgers 100,1000; --rounds 5)
          --snapshot: the same again while another client keeps a snapshot, as a backup does
  large   queries, paging depth, start-up after a crash and memory on a large ledger
          (--accounts 1000000 --transactions 4000000 is the full size and takes about half an hour)
  as-of   balances and trial balances as of a moment on the day of an import, from the sums by time and added up
          (--accounts 100000 --transactions 500000)
  distributed  single posts and the time until they are visible in what \`npm run up:distributed\` starts, beside the embedded mode; the
          rates of relay and Kafka projector over --transactions that are already there
          --store: only on this one. eventstoredb is EVENT_STORE_URL, else a server at the level of the wire, which costs more processor time
  kills  the longest wait of a keyed request while writers of the distributed set are killed (--rounds 5; --store)
  halts  posts of a ledger while 200 others are halted in the read models, beside the same before
  neighbours  for every operation its most expensive legal request, 64 at a time by one organization, beside posts at
          100/s and reads by another (--operations a,b: only these)
  webhooks  deliveries to a receiver here: how many, how soon beside one that hangs, one that answers 500 and
          one with 100,000 queued, and a replay (--transactions 50000; 1000000 is the full size;
          --operations deliveries,failing,backlog,replay: only these)
  live-rebuild  posts at 100/s and reads beside a rebuild of balances and of entries, and the same alone
          (--transactions 200000: those that there are)
  payments  one-step payments by card of a sandbox, split among three parties, beside single posts
          (--rounds 5)

Postgres is the embedded one with durable commits (fsync and synchronous_commit on), or DATABASE_URL.

`;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '8' },
    accounts: { type: 'string' },
    transactions: { type: 'string' },
    connections: { type: 'string', default: '256' },
    tool: { type: 'string', default: 'autocannon' },
    store: { type: 'string' },
    operations: { type: 'string' },
    against: { type: 'string' },
    ledgers: { type: 'string' },
    snapshot: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    'log-level': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const [what = 'writes'] = positionals;
const known =
  'writes paired ledgers large as-of distributed halts kills neighbours webhooks live-rebuild payments'.split(
    ' ',
  );
if (values.help || !known.includes(what)) {
  process.stderr.write(usage);
  process.exit(values.help ? 0 : 1);
}
installMissing();
build();
const options = {
  seconds: Number(values.seconds),
  connections: Number(values.connections),
  tool: values.tool,
  store: values.store,
  operations: values.operations?.split(','),
  against: values.against,
  rounds: Number(values.rounds),
  ledgers: values.ledgers?.split(',').map(Number),
  snapshot: values.snapshot,
  logLevel: values['log-level'],
  accounts: values.accounts === undefined ? undefined : Number(values.accounts),
  transactions: values.transactions === undefined ? undefined : Number(values.transactions),
};
const { run } = await import(`./bench/${what}.mjs`);
const { endAll } = await import('./bench/start.mjs');
let isEnding = false;
/** From outside: what was started is stopped first. */
async function end(code) {
  if (isEnding) return;
  isEnding = true;
  await endAll().catch((error) => process.stderr.write(`${error.stack}\n`));
  process.exit(code);
}
process.on('SIGTERM', () => void end(143));
process.on('SIGINT', () => void end(130));
process.on('SIGHUP', () => void end(129));
// Nobody reads the results any more.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => void end(1));
try {
  const holds = await run(options);
  if (!isEnding) process.exit(holds ? 0 : 1);
} catch (error) {
  // What it measured was stopped under its hands.
  if (!isEnding) {
    process.stderr.write(`${error.stack}\n`);
    await end(1);
  }
}
