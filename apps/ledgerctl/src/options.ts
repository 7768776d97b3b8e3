import type { Command } from 'commander';
import type { ApiClient } from './api-client';
import type { Environment } from './environment';
import { Failure } from './failure';

export interface ConnectionOptions {
  readonly url?: string;
  readonly apiKey?: string;
  readonly connectedAccount?: string;
}

/** A command whose requests may act as a connected account. */
export const actingAsAccount = (command: Command): Command =>
  command.option('--connected-account <id>', 'act as this connected account, not as the platform');

/** Runs an action with a connection, which is closed afterwards. */
export async function withApi<T>(
  command: Command,
  environment: () => Environment,
  action: (api: ApiClient) => Promise<T>,
): Promise<T> {
  const options = command.optsWithGlobals<ConnectionOptions>();
  const { url, apiKey } = environment();
  const key = options.apiKey ?? apiKey;
  if (key === undefined) {
    throw new Failure('There is no API key: give --api-key or LEDGER_API_KEY, or run it where .data is.');
  }
  const target = options.url ?? url;
  if (!URL.canParse(target)) throw new Failure(`'${target}' is not a URL.`);
  // What a command needs is loaded when it runs: help, and completion of a shell, need none of it.
  const { ApiClient: Client } = await import('./api-client.js');
  const api = new Client(target, key, headersOf(options));
  try {
    return await action(api);
  } finally {
    await api.close();
  }
}

/** @throws Failure for what no header can say: the server says of the rest whether there is such an account */
function headersOf({ connectedAccount: id }: ConnectionOptions): Readonly<Record<string, string>> {
  if (id === undefined) return {};
  if (!/^\w+$/.test(id)) throw new Failure(`--connected-account takes the id of an account, not '${id}'.`);
  return { 'connected-account': id };
}
