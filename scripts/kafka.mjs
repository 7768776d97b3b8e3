#!/usr/bin/env node
// Starts a real Kafka broker for development and tests, and ends it with this process. `--help` lists the options.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { freePort } from './lib/free-port.mjs';
import { hasDocker, startDockerBroker } from './lib/kafka/docker-broker.mjs';
import { startJavaBroker } from './lib/kafka/java-broker.mjs';

const usage = `Usage: node scripts/kafka.mjs [--port N] [--data-dir D] [--json] [--parent PID]

A single broker in KRaft mode, from its Maven jars on Java 17 (kept in .cache/kafka), or in Docker where there
is no Java. It ends when the process that started it goes.

  --port N      where clients connect (default: a free one)
  --data-dir D  where the data is kept (default: a temporary folder that goes with it)
  --json        print one line {"brokers","pid"} when ready
  --parent PID  end with this process instead
`;
const host = '127.0.0.1';
const startTimeoutMs = 60_000;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'data-dir': { type: 'string' },
    json: { type: 'boolean', default: false },
    parent: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}

function start(where) {
  try {
    return startJavaBroker(where);
  } catch (error) {
    if (!hasDocker()) throw error;
    return startDockerBroker(where);
  }
}

async function listens(port) {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

const parent = Number(values.parent ?? process.ppid);
const isOrphan = () => {
  if (values.parent === undefined) return process.ppid !== parent;
  try {
    process.kill(parent, 0);
    return false;
  } catch {
    return true;
  }
};

const folder = values['data-dir'] ?? mkdtempSync(path.join(os.tmpdir(), 'fintech-ledger-kafka-'));
let broker;
let isAsked = false;
const stop = () => {
  isAsked = true;
  broker?.stop();
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
const watch = setInterval(() => isOrphan() && stop(), 500);
try {
  const port = Number(values.port) || (await freePort(host));
  broker = start({ folder: path.resolve(folder), host, port, controllerPort: await freePort(host, port) });
  let hasEnded = false;
  const ended = broker.ended.then(() => (hasEnded = true));
  if (isAsked) stop();
  const deadline = performance.now() + startTimeoutMs;
  while (!hasEnded && !(await listens(port))) {
    if (performance.now() > deadline) throw new Error(`Kafka did not start in time.\n${broker.log()}`);
    await delay(50);
  }
  if (!hasEnded) {
    const ready = { brokers: `${host}:${port}`, pid: await broker.pid };
    process.stdout.write(
      values.json ? `${JSON.stringify(ready)}\n` : `Kafka listens on ${ready.brokers}. Ctrl-C stops it.\n`,
    );
  }
  await ended;
  if (!isAsked) throw new Error(`Kafka ended on its own.\n${broker.log()}`);
} catch (error) {
  process.stderr.write(`fintech-ledger: ${error.message}\n`);
  process.exitCode = 1;
  broker?.stop();
  await broker?.ended;
} finally {
  clearInterval(watch);
  if (values['data-dir'] === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
}
// A guarding pipe may still be open.
process.exit();
