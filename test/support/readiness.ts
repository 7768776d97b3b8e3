import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';

export interface Readiness {
  readonly status: string;
  readonly checks: Readonly<Record<string, string>>;
}

const waitMsMax = 60_000;

export async function readiness(url: string): Promise<Readiness> {
  const { body } = await request(`${url}/health/ready`);
  return (await body.json()) as Readiness;
}

/** Waits until it is as wanted. @throws Error with what it is */
export async function untilReadiness(url: string, isWanted: (found: Readiness) => boolean): Promise<void> {
  for (const deadline = Date.now() + waitMsMax; ; await delay(100)) {
    const found = await readiness(url);
    if (isWanted(found)) return;
    if (Date.now() > deadline) throw new Error(JSON.stringify(found));
  }
}

export const untilHealthy = (url: string): Promise<void> =>
  untilReadiness(url, ({ status }) => status === 'ok');

export const untilAlarm = (url: string, check: string, reason: RegExp): Promise<void> =>
  untilReadiness(url, ({ checks }) => reason.test(checks[check] ?? ''));

/** Waits until something is as wanted. @throws Error it is not, for a minute */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + waitMsMax; !(await isSo()); await delay(100))
    if (Date.now() > deadline) throw new Error(`not within a minute: ${what}`);
}
