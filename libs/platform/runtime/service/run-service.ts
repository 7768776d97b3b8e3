import { ConfigInvalid, readConfig } from '@fintech-ledger/config';
import type { Config } from '@fintech-ledger/config';
import { createLogger } from '@fintech-ledger/logging';
import { Alarms } from '@fintech-ledger/health';
import type { Check } from '@fintech-ledger/health';
import type { Logger } from '@fintech-ledger/logging';
import { observeProcess, startTracing, stopTracing } from '@fintech-ledger/telemetry';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { letTheHeapGrow } from './garbage-collection';
import { startHealthServer } from './health-server';
import { endInTime, stopInOrder, tracingMsMax } from './stopping';
import type { Closer } from './stopping';

export interface ServiceContext {
  readonly config: Config;
  readonly log: Logger;
  /** What the process knows to be wrong; there is one of them. */
  readonly alarms: Alarms;
  /** Aborted when the process is asked to stop while it is still starting. */
  readonly signal: AbortSignal;
}

export interface RunningService {
  /** Without these the process can't do its job at all; what makes it do only a part of it is an alarm. */
  readonly checks: Readonly<Record<string, Check>>;
  /** Brings the alarms up to date that nobody raises on its own, see `watch`. */
  readonly look?: () => Promise<void>;
  /** Brings gauges up to date before they are read. */
  readonly beforeMetrics?: () => Promise<void>;
  /** What else the line "ready" says. */
  readonly announcement?: Readonly<Record<string, string>>;
  /** What is closed when it stops, in this order. */
  readonly closers: readonly Closer[];
}

/**
 * Runs one process of the distributed mode until it is asked to stop: configuration, log, health server, signals. Prints one JSON line when it
 * is ready. `--help` lists what it reads.
 */
export function runService(
  name: string,
  usage: string,
  start: (context: ServiceContext) => Promise<RunningService>,
): void {
  run(name, usage, start)
    .catch((error: unknown) => {
      if (error instanceof Stopped) return;
      process.exitCode = 1;
      process.stderr.write(`fintech-ledger ${name}: ${explain(error)}\n`);
    })
    // What is left open (a keep-alive connection, a timer) must not keep a stopped process.
    .finally(() => process.exit());
}

async function run(
  name: string,
  usage: string,
  start: (context: ServiceContext) => Promise<RunningService>,
): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  letTheHeapGrow();
  const config = readConfig();
  const serviceName = `${config.serviceName}-${name}`;
  const log = createLogger(config.logLevel, serviceName);
  for (const warning of config.warnings) log.warn(warning);
  const stopping = new AbortController();
  const asked = new Promise<number>((resolve) =>
    stopping.signal.addEventListener('abort', () => resolve(performance.now())),
  );
  endInTime(stopping.signal, log);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => stopping.abort(new Stopped()));
  process.stdout.on('error', () => undefined);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (err: unknown) => {
      log.fatal({ err }, 'an unexpected error: stopping');
      process.exitCode = 1;
      stopping.abort(new Stopped());
    });
  }
  observeProcess();
  await startTracing({ config: config.tracing, serviceName, log });
  const alarms = new Alarms();
  const health = await startHealthServer(config.healthHost, config.healthPort, alarms);
  const service = await start({ config, log, alarms, signal: stopping.signal });
  health.started(service);
  const ready = { name, pid: process.pid, health: health.url, ...service.announcement };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  const askedAtMs = await asked;
  health.stopping();
  log.info('stopping');
  const closers: readonly Closer[] = [
    ...service.closers,
    { name: 'tracing', close: stopTracing, msMax: tracingMsMax },
    { name: 'health', close: () => health.close() },
  ];
  const cut = await stopInOrder(closers, log, askedAtMs);
  if (cut.length > 0) process.exitCode = 1;
}

class Stopped extends Error {}

// Errors whose message is a sentence for an operator.
const sentences = new Set(['StartupFailed', 'TopicInvalid']);

function explain(error: unknown): string {
  if (error instanceof ConfigInvalid) return `The configuration is not valid: ${error.message}.`;
  if (!(error instanceof Error)) return String(error);
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (sentences.has(error.name)) return error.message;
  if (code === 'EADDRINUSE') return `${error.message}: set HEALTH_PORT, WRITER_PORT or PORT to another.`;
  if (code.startsWith('ERR_PARSE_ARGS')) return error.message;
  return `An unexpected error, please report it. ${error.stack ?? error.message}`;
}
