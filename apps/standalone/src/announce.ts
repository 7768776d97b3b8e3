import process from 'node:process';
import type { Standalone } from './start-standalone';

/** One JSON line for scripts, or a few lines for a person, on standard output. */
export function announce(standalone: Standalone, asJson: boolean): void {
  process.stdout.write(asJson ? jsonLine(standalone) : welcome(standalone));
}

function jsonLine({ url, apiKey, dataFolder }: Standalone): string {
  return `${JSON.stringify({ url, api_key: apiKey, data_dir: dataFolder, pid: process.pid })}\n`;
}

function welcome({ url, apiKey, dataFolder }: Standalone): string {
  return `
The ledger is running.

  API        ${url}/v1
  Reference  ${url}/docs
  API key    ${apiKey}
  Data       ${dataFolder}

Try:
  curl -s ${url}/v1/ledgers -H 'Authorization: Bearer ${apiKey}' \\
    -H 'Content-Type: application/json' -H 'Idempotency-Key: first' -d '{"name":"main"}'
  npm run demo        fills it with a small marketplace

Ctrl-C stops it; the data stays.
`;
}
