import type { Command } from 'commander';
import type { ApiClient } from './api-client';
import type { Environment } from './environment';
import { Failure } from './failure';

export interface ConnectionOptions {
  readonly url?: string;
  readonly apiKey?: string;
}

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
  const api = new Client(target, key);
  try {
    return await action(api);
  } finally {
    await api.close();
  }
}
