import { setTimeout as delay } from 'node:timers/promises';

interface Answered {
  readonly status: number;
  readonly code: unknown;
}

/**
 * Whether a query is behind what was acknowledged: on a busy machine it may need more than the second that it waits.
 * Not one for a position, which the read models may never reach.
 */
export function isBehind(method: string, url: string, headers: object, { code }: Answered): boolean {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const isOfPosition = names.includes('ledger-min-position') || url.includes('as_of=');
  return method === 'GET' && code === 'read_model_behind' && !isOfPosition;
}

/** How often such a query is sent, each of which waits a second. */
export const behindTimesMax = 5;

/** Sends what is to be accepted until the product is less busy: it said that nothing was done. */
export async function whileBusy<A>(send: () => Promise<A>, read: (answer: A) => Answered): Promise<A> {
  for (let n = 0; ; n += 1) {
    const answer = await send();
    const { status, code } = read(answer);
    if (![429, 503].includes(status) || code === 'outcome_unknown' || n === 50) return answer;
    await delay(100);
  }
}
