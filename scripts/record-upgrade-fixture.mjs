#!/usr/bin/env node
// Records an installation as this version leaves it, for test/upgrade.e2e.spec.ts of later versions. `--help` lists the options.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { root } from './lib/prepare.mjs';
import { RecordingClient } from './lib/upgrade/recording-client.mjs';
import { bookBeforeKill, bookBeforeStop, csvImport, issueKeys, observe } from './lib/upgrade/scenario.mjs';

const usage = `Usage: node scripts/record-upgrade-fixture.mjs --name NAME [--product DIR]

Writes test/fixtures/upgrade/NAME/{embedded,distributed}.tar.gz, data folders that were used, stopped, started again and
killed, and beside each what was sent and answered. Each release gets a folder, which is never changed afterwards.

  --name NAME    the version that is recorded, such as 0.1.0
  --product DIR  a built checkout of that version (default: this one)
`;
const { values } = parseArgs({
  options: {
    name: { type: 'string' },
    product: { type: 'string', default: root },
    help: { type: 'boolean', default: false },
  },
});
if (values.help || values.name === undefined) {
  process.stdout.write(usage);
  process.exit(values.help ? 0 : 1);
}
const product = path.resolve(values.product);
const target = path.join(root, 'test', 'fixtures', 'upgrade', values.name);

/** Starts a program of the product; resolves with its first line. It is the leader of a group, so that all of it can be killed. */
async function start(args, environment = {}) {
  const child = spawn(process.execPath, args, {
    cwd: product,
    env: { ...process.env, LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = once(child, 'exit');
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(() => {
      throw new Error(`${args[0]} did not start`);
    }),
  ]);
  return {
    line,
    async stop(/** @type {NodeJS.Signals} */ signal = 'SIGTERM') {
      child.kill(signal);
      await ended;
    },
  };
}

async function record(mode, parts) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fintech-ledger-recording-'));
  try {
    const first = await parts.start(folder);
    const client = new RecordingClient(first.url, first.api_key);
    const booked = await bookBeforeStop(client);
    const keys = await issueKeys(client);
    await first.stop();

    const again = await parts.start(folder);
    client.movedTo(again.url);
    const tail = await bookBeforeKill(client, booked);
    const observed = await observe(client, [booked.ledger, tail.second]);
    await again.kill();
    const manifest = {
      mode,
      apiKey: client.apiKey,
      ...parts.secrets,
      keys,
      ...booked,
      ...tail,
      csvImport,
      exchanges: client.exchanges,
      observed,
    };
    mkdirSync(target, { recursive: true });
    writeFileSync(path.join(target, `${mode}.json.gz`), gzipSync(JSON.stringify(manifest), { level: 9 }));
    pack(folder, path.join(target, `${mode}.tar.gz`));
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** The programs of an installation are of the product, and so are not kept; nor is anything of a process that is gone. */
function pack(folder, file) {
  const excluded = ['lock', 'postgres.log*', '*.pid', '*.opts', '.s.PGSQL*', 'meta.properties.lock', '.lock'];
  const parameters = [...excluded.map((name) => `--exclude=${name}`), '-C', folder, '-czf', file, '.'];
  const { status, stderr } = spawnSync('tar', parameters, {
    encoding: 'utf8',
    env: { ...process.env, GZIP: '-9' },
  });
  if (status !== 0) throw new Error(`tar: ${stderr}`);
}

const embedded = {
  secrets: {},
  async start(folder) {
    const running = await start([
      'dist/apps/standalone/src/main.js',
      '--json',
      '--port',
      '0',
      '--data-dir',
      path.join(folder, 'data'),
    ]);
    const { url, api_key } = JSON.parse(running.line);
    return {
      url,
      api_key,
      stop: () => running.stop(),
      async kill() {
        await running.stop('SIGKILL');
        await stopPostgres(path.join(folder, 'data', 'postgres'));
      },
    };
  },
};

/** After kill -9 of the product its Postgres goes on: it is stopped, so that its files hold still while they are packed. */
async function stopPostgres(folder) {
  const postgres = await start(['scripts/lib/postgres.mjs'], { DATA_DIR: folder });
  await postgres.stop();
}

const standIn = `
  const { startEventStoreDbServer } = require('./dist/libs/testing/index.js');
  startEventStoreDbServer({ dataFile: process.argv[1] }).then((server) => {
    process.stdout.write(server.url + '\\n');
    process.once('SIGTERM', () => void server.close().then(() => process.exit()));
  });
`;

const distributed = {
  secrets: { pepper: 'recorded-pepper-0123456789abcdefghijklmnopqrstuvwxyz' },
  async start(folder) {
    const store = await start(['--eval', standIn, path.join(folder, 'eventstoredb.log')]);
    const set = await start(
      ['scripts/up-distributed.mjs', '--json', '--port', '0', '--data-dir', path.join(folder, 'data')],
      {
        API_KEY_PEPPER: distributed.secrets.pepper,
        EVENTSTORE_URL: store.line,
        EVENT_STORE_URL: store.line,
        KAFKA_TOPIC_PARTITIONS: '3',
      },
    );
    const ready = JSON.parse(set.line);
    const stop = async () => {
      await set.stop();
      await store.stop();
    };
    return {
      url: ready.url,
      api_key: ready.api_key,
      stop,
      async kill() {
        // The writer is what has something to lose; the others end as they do when their host is shut down.
        process.kill(ready.processes['writer-1'], 'SIGKILL');
        await stop();
      },
    };
  },
};

await record('embedded', embedded);
await record('distributed', distributed);
process.stdout.write(`${target}\n`);
