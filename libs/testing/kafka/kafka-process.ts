import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';

const script = path.resolve(__dirname, '../../../scripts/kafka.mjs');

/** A broker of a test's own, which it may stop and kill. */
export interface KafkaProcess {
  readonly brokers: string;
  /** Of the broker itself. */
  readonly pid: number;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a broker with scripts/kafka.mjs; on the same port and folder it is the one that was killed before. */
export async function startKafkaProcess(options: {
  readonly dataFolder?: string;
  readonly port?: number;
}): Promise<KafkaProcess> {
  const parameters = ['--json', '--port', String(options.port ?? 0)];
  if (options.dataFolder !== undefined) parameters.push('--data-dir', options.dataFolder);
  const child = spawn(process.execPath, [script, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = once(child, 'exit');
  const line = once(createInterface(child.stdout), 'line') as Promise<[string]>;
  const first = await Promise.race([line, ended.then(() => undefined)]);
  if (first === undefined) throw new Error(`Kafka did not start: ${log}`);
  const { brokers, pid } = JSON.parse(first[0]) as { brokers: string; pid: number };
  return {
    brokers,
    pid,
    async kill() {
      process.kill(pid, 'SIGKILL');
      await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
