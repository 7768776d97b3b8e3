import { firstApiKeyFile } from '@fintech-ledger/installation';
import type { FirstKeyName } from '@fintech-ledger/installation';
import process from 'node:process';
import type { Standalone } from './start-standalone';

/**
 * One JSON line for scripts, or a few lines for a person, on standard output.
 * @param hideKey says where the keys are instead of the keys themselves: output may be kept, as a container's log is
 */
export function announce(standalone: Standalone, asJson: boolean, hideKey: boolean): void {
  process.stdout.write(asJson ? jsonLine(standalone, hideKey) : welcome(standalone, hideKey));
}

function jsonLine({ url, apiKey, sandboxApiKey, dataFolder }: Standalone, hideKey: boolean): string {
  const shown = (name: FirstKeyName, key: string | undefined): object => {
    if (key === undefined) return {};
    const member = name.replaceAll('-', '_');
    return hideKey ? { [`${member}_file`]: firstApiKeyFile(dataFolder, name) } : { [member]: key };
  };
  const keys = { ...shown('api-key', apiKey), ...shown('sandbox-api-key', sandboxApiKey) };
  return `${JSON.stringify({ url, ...keys, data_dir: dataFolder, pid: process.pid })}\n`;
}

const unknown = 'was revoked, or is in another data folder';

function welcome(standalone: Standalone, hideKey: boolean): string {
  const { url, apiKey, sandboxApiKey, dataFolder, logFile } = standalone;
  const keyOf = (name: FirstKeyName, key: string | undefined): string => {
    if (key === undefined) return unknown;
    return hideKey ? `in ${firstApiKeyFile(dataFolder, name)}` : key;
  };
  const live = keyOf('api-key', apiKey);
  const sandbox = keyOf('sandbox-api-key', sandboxApiKey);
  return `
The ledger is running.

  API          ${url}/v1
  Reference    ${url}/docs
  Live key     ${live}
  Sandbox key  ${sandbox}
  Data         ${dataFolder}
  Log          ${logFile ?? 'standard error'}

Try it in the sandbox, whose books are apart from the live ones:
  curl -s ${url}/v1/ledgers -H 'Authorization: Bearer ${tryable(hideKey, sandboxApiKey ?? apiKey)}' \\
    -H 'Content-Type: application/json' -H 'Idempotency-Key: first' -d '{"name":"main"}'

Where to go next:
  docs/tutorials/first-payment.md    a payment that is split, in ten minutes
  npm run demo                       fills the live books with a small marketplace

Ctrl-C stops it; the data stays.
`;
}

/** The key for a command that can be copied; none where it is to be printed nowhere. */
function tryable(hideKey: boolean, key: string | undefined): string {
  return hideKey || key === undefined ? 'sk_…' : key;
}
