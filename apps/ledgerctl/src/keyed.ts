import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { ApiClient } from './api-client';
import { Failure } from './failure';

export interface KeyedOptions {
  readonly idempotencyKey?: string;
}

/** A command that moves money: sent again with its key it does nothing twice. */
export const keyed = (command: Command): Command =>
  command.option(
    '--idempotency-key <key>',
    'what makes a second try of it the same request (default: a new one)',
  );

/**
 * Sends a command that moves money.
 * @throws Failure which says the key where the outcome is not known, so that it can be tried again
 */
export async function sendKeyed<T>(
  api: ApiClient,
  path: string,
  body: object,
  { idempotencyKey = randomUUID() }: KeyedOptions,
): Promise<T> {
  try {
    return await api.send<T>('POST', path, body, { 'idempotency-key': idempotencyKey });
  } catch (error) {
    if (!(error instanceof Failure) || error.exitCode === 1) throw error;
    const again = `To try the same request again, give --idempotency-key ${idempotencyKey}.`;
    throw new Failure(`${error.message}\n  ${again}`, error.exitCode, error.code);
  }
}

/** `key=value`, given as often as there are keys. @throws Failure for a text without `=` */
export function metadataOf(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new Failure(`--metadata takes key=value, not '${pair}'.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
