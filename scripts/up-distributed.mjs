#!/usr/bin/env node
// Builds, and starts the distributed mode on this machine: every part a process of its own. `--help` lists the options.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { ProcessSet } from './lib/distributed.mjs';
import { freePort } from './lib/free-port.mjs';
import { build, installMissing, root } from './lib/prepare.mjs';

const usage = `Usage: npm run up:distributed -- [--port N] [--data-dir D] [--writers N] [--projectors N] [--json]

  --port N        the port of the API (PORT, default 8080); 0 takes a free one
  --data-dir D    where the data is kept (default .data/distributed)
  --writers N     writer processes (default 1)
  --projectors N  projector processes (default 1)
  --json          print one line {"url","api_key","sandbox_api_key",…,"pid","processes"} when ready;
                  SIGTERM to pid stops all

Kafka: KAFKA_BROKERS, else a broker of its own (Java 17 or Docker). Postgres: DATABASE_URL, else the embedded one.
Event store: EVENT_STORE_URL, else Postgres tables, which need nothing installed.
`;
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env.PORT || '8080' },
    'data-dir': { type: 'string', default: path.join('.data', 'distributed') },
    writers: { type: 'string', default: '1' },
    projectors: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}

let stop;
const asked = new Promise((resolve) => (stop = resolve));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop());
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
const set = new ProcessSet();

/** The secret of the data folder; kept, because the database remembers it. */
function pepperOf(folder) {
  const file = path.join(folder, 'api-key-pepper');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

const databaseOf = ({ url, owner_url }) => ({ DATABASE_URL: url, DATABASE_OWNER_URL: owner_url });

async function startAll(folder) {
  const apps = (name) => `dist/apps/${name}/src/main.js`;
  const pids = {};
  const start = async (name, script, options) => {
    const ready = await set.start(name, script, options);
    pids[name] = ready.pid;
    return ready;
  };
  const database = process.env.DATABASE_URL
    ? { DATABASE_URL: process.env.DATABASE_URL }
    : databaseOf(
        await start('postgres', 'scripts/lib/postgres.mjs', {
          environment: { DATA_DIR: path.join(folder, 'postgres') },
        }),
      );
  const kafkaFolder = path.join(folder, 'kafka');
  const brokers =
    process.env.KAFKA_BROKERS ||
    (
      await start('kafka', 'scripts/kafka.mjs', {
        parameters: ['--json', '--data-dir', kafkaFolder],
        again: (ready) => ({
          parameters: ['--json', '--data-dir', kafkaFolder, '--port', ready.brokers.split(':')[1]],
        }),
      })
    ).brokers;
  if (!process.env.EVENT_STORE_URL && !process.env.EVENTSTORE_URL)
    process.stderr.write(
      'EVENT_STORE_URL is not set: the events are kept in Postgres, not in EventStoreDB.\n',
    );
  // Known before the API listens: writers name pages of it to browsers.
  const port = Number(values.port) === 0 ? String(await freePort()) : values.port;
  const environment = {
    ...database,
    KAFKA_BROKERS: brokers,
    API_KEY_PEPPER: process.env.API_KEY_PEPPER || pepperOf(folder),
    HEALTH_PORT: '0',
    WRITER_PORT: '0',
    PORT: port,
  };
  for (let n = 1; n <= Number(values.writers); n += 1)
    await start(`writer-${n}`, apps('writer'), { environment });
  await start('relay', apps('relay'), { environment });
  for (let n = 1; n <= Number(values.projectors); n += 1)
    await start(`projector-${n}`, apps('projector'), { environment });
  await start('dispatcher', apps('dispatcher'), { environment });
  const { url, api_key_file, sandbox_api_key_file } = await start('api', apps('api'), {
    environment: { ...environment, DATA_DIR: path.join(folder, 'api') },
  });
  const keyIn = (file) => file && readFileSync(file, 'utf8').trim();
  const [api_key, sandbox_api_key] = [api_key_file, sandbox_api_key_file].map(keyIn);
  return { url, api_key, sandbox_api_key, data_dir: folder, pid: process.pid, processes: pids };
}

try {
  installMissing();
  build();
  const folder = path.resolve(root, values['data-dir']);
  mkdirSync(folder, { recursive: true });
  const ready = await Promise.race([startAll(folder), asked.then(() => undefined)]);
  if (ready !== undefined) {
    process.stdout.write(values.json ? `${JSON.stringify(ready)}\n` : welcome(ready));
    await asked;
  }
} catch (error) {
  process.stderr.write(`fintech-ledger: ${error.message}\n`);
  process.exitCode = 1;
}
await set.stop();
process.exit();

function welcome({ url, api_key, sandbox_api_key, data_dir }) {
  return `
The ledger is running, distributed.

  API        ${url}/v1
  Reference  ${url}/docs
  API key    ${api_key ?? 'revoked'}
  Sandbox    ${sandbox_api_key ?? 'revoked'}
  Data       ${data_dir}

Ctrl-C stops it; the data stays.
`;
}
