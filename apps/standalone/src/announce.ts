import { firstApiKeyFile } from '@fintech-ledger/installation';
import process from 'node:process';
import type { Standalone } from './start-standalone';

/**
 * One JSON line for scripts, or a few lines for a person, on standard output.
 * @param hideKey says where the key is instead of the key itself: output may be kept, as a container's log is
 */
export function announce(standalone: Standalone, asJson: boolean, hideKey: boolean): void {
  process.stdout.write(asJson ? jsonLine(standalone, hideKey) : welcome(standalone, hideKey));
}

function jsonLine({ url, apiKey, dataFolder }: Standalone, hideKey: boolean): string {
  const shown = hideKey ? { api_key_file: firstApiKeyFile(dataFolder) } : { api_key: apiKey };
  const key = apiKey === undefined ? {} : shown;
  return `${JSON.stringify({ url, ...key, data_dir: dataFolder, pid: process.pid })}\n`;
}

function welcome({ url, apiKey, dataFolder, logFile }: Standalone, hideKey: boolean): string {
  if (apiKey === undefined)
    return `The ledger is running at ${url}. Its first API key was revoked, or is in another data folder.\n`;
  if (hideKey)
    return `The ledger is running at ${url}. Its first API key is in ${firstApiKeyFile(dataFolder)}.\n`;
  return `
The ledger is running.

  API        ${url}/v1
  Reference  ${url}/docs
  API key    ${apiKey}
  Data       ${dataFolder}
  Log        ${logFile ?? 'standard error'}

Try:
  curl -s ${url}/v1/ledgers -H 'Authorization: Bearer ${apiKey}' \\
    -H 'Content-Type: application/json' -H 'Idempotency-Key: first' -d '{"name":"main"}'
  npm run demo        fills it with a small marketplace

Ctrl-C stops it; the data stays.
`;
}
