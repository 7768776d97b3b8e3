import { testKafkaBrokers } from '@fintech-ledger/config';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { testRunFolder } from '../database/test-run-folder';

export interface TestKafka {
  /** `host:port`, separated by commas. */
  readonly brokers: readonly string[];
  /** A name that no other test has; the topic is not made. */
  newName(): string;
}

const script = path.resolve(__dirname, '../../../scripts/kafka.mjs');
const startTimeoutMs = 90_000;

/**
 * The cluster that all tests of a run share: TEST_KAFKA_BROKERS, or a real broker that the first test to ask starts (on Java 17; the jars
 * are fetched once) and that ends with the run.
 */
export async function testKafka(): Promise<TestKafka> {
  const brokers = testKafkaBrokers() ?? (await sharedBroker());
  return { brokers: brokers.split(','), newName: () => `test-${randomBytes(8).toString('hex')}` };
}

async function sharedBroker(): Promise<string> {
  const folder = testRunFolder();
  const answer = path.join(folder, 'kafka.out');
  const errors = path.join(folder, 'kafka.err');
  const isFirst = await open(path.join(folder, 'kafka.starting'), 'wx').then(
    async (handle) => handle.close().then(() => true),
    () => false,
  );
  if (isFirst) startBroker(runPid(folder), answer, errors);
  for (const deadline = Date.now() + startTimeoutMs; Date.now() < deadline; await delay(50)) {
    const text = await readFile(answer, 'utf8').catch(() => '');
    if (text.endsWith('\n')) return (JSON.parse(text) as { brokers: string }).brokers;
    const failure = await readFile(errors, 'utf8').catch(() => '');
    if (failure.includes('fintech-ledger: '))
      throw new Error(`the Kafka for tests did not start: ${failure}`);
  }
  throw new Error('the Kafka for tests did not start in time');
}

/** A process of its own that outlives this worker, and ends with the run. */
function startBroker(run: number, answer: string, errors: string): void {
  const files = [openSync(answer, 'w'), openSync(errors, 'w')] as const;
  spawn(process.execPath, [script, '--json', '--parent', String(run)], {
    detached: true,
    stdio: ['ignore', ...files],
  }).unref();
  for (const file of files) closeSync(file);
}

/** The folder is named after the run's process. */
function runPid(folder: string): number {
  return Number(/\d+$/.exec(folder)?.[0] ?? process.pid);
}
