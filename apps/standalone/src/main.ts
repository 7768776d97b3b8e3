import { StartupFailed } from '@fintech-ledger/installation';
import { ConfigInvalid, readConfig } from '@fintech-ledger/config';
import { createLogger } from '@fintech-ledger/logging';
import { endInTime, letTheHeapGrow } from '@fintech-ledger/runtime';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { announce } from './announce';

const usage = `Usage: npm run up -- [--port N] [--data-dir D] [--json] [--hide-key]

  --port N      the port of the API (PORT, default 8080); 0 takes a free one
  --data-dir D  where the data is kept (DATA_DIR, default .data)
  --json        print one line {"url","api_key","sandbox_api_key","data_dir","pid"} when ready; SIGTERM to pid stops
                all of it
  --hide-key    don't print the first API keys; they are in the files api-key and sandbox-api-key of the data folder

DATABASE_URL, when set, is used in place of the embedded Postgres.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      'data-dir': { type: 'string' },
      json: { type: 'boolean', default: false },
      'hide-key': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  letTheHeapGrow();
  const config = readConfig({ PORT: values.port, DATA_DIR: values['data-dir'] });
  const log = createLogger(config.logLevel, config.serviceName);
  for (const warning of config.warnings) log.warn(warning);

  // npm passes a signal on that the terminal has sent us already, so more than one means no more than one.
  const stopping = new AbortController();
  const asked = new Promise<number>((resolve) =>
    stopping.signal.addEventListener('abort', () => resolve(performance.now())),
  );
  endInTime(stopping.signal, log);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => stopping.abort(new Stopped()));
  process.stdout.on('error', () => undefined);
  const broken: { error?: unknown } = {};
  for (const name of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(name, (error: unknown) => {
      log.fatal({ err: error }, 'an unexpected error: stopping');
      broken.error = error;
      stopping.abort(new Stopped());
    });
  }

  // Loaded here, not before: help and a configuration that is not valid need nothing of it.
  const { startStandalone } = await import('./start-standalone.js');
  const standalone = await startStandalone(config, log, stopping.signal);
  announce(standalone, values.json, values['hide-key']);
  const askedAtMs = await asked;
  log.info('stopping');
  const cut = await standalone.stop(askedAtMs);
  process.exitCode = 'error' in broken || cut.length > 0 ? 1 : 0;
}

class Stopped extends Error {}

main()
  .catch((error: unknown) => {
    if (error instanceof Stopped) return;
    process.exitCode = 1;
    process.stderr.write(`fintech-ledger: ${explain(error)}\n`);
  })
  // What is left open (a keep-alive connection, a timer) must not keep a stopped process.
  .finally(() => process.exit());

function explain(error: unknown): string {
  if (error instanceof StartupFailed) return error.message;
  if (error instanceof ConfigInvalid) return `The configuration is not valid: ${error.message}.`;
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (code.startsWith('ERR_PARSE_ARGS') && error instanceof Error) return `${error.message}\n\n${usage}`;
  return `An unexpected error, please report it. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
