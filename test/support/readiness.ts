import { setTimeout as delay } from 'node:timers/promises';
import { documentedFetch } from './documented-fetch';

export interface Readiness {
  readonly status: string;
  readonly checks: Readonly<Record<string, string>>;
}

const waitMsMax = 60_000;

/** @param apiKey without it the API tells no reasons */
export async function readiness(url: string, apiKey?: string): Promise<Readiness> {
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const answer = await documentedFetch(`${url}/health/ready`, { headers });
  return (await answer.json()) as Readiness;
}

/** Waits until it is as wanted. @throws Error with what it is */
export async function untilReadiness(
  url: string,
  isWanted: (found: Readiness) => boolean,
  apiKey?: string,
): Promise<void> {
  for (const deadline = Date.now() + waitMsMax; ; await delay(100)) {
    const found = await readiness(url, apiKey);
    if (isWanted(found)) return;
    if (Date.now() > deadline) throw new Error(JSON.stringify(found));
  }
}

export const untilHealthy = (url: string): Promise<void> =>
  untilReadiness(url, ({ status }) => status === 'ok');

export const untilAlarm = (
  { url, apiKey }: { readonly url: string; readonly apiKey: string },
  check: string,
  reason: RegExp,
): Promise<void> => untilReadiness(url, ({ checks }) => reason.test(checks[check] ?? ''), apiKey);

/** Waits until something is as wanted. @throws Error it is not, for a minute */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + waitMsMax; !(await isSo()); await delay(100))
    if (Date.now() > deadline) throw new Error(`not within a minute: ${what}`);
}
