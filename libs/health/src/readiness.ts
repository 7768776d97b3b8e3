import type { Alarm, AlarmCheck, Alarms } from './alarms';

/** Rejects, or says in a sentence what is wrong; undefined when nothing is. */
export type Check = () => Promise<string | undefined> | string | undefined;

export interface ReadinessSources {
  /** Without these the process can't do its job at all. By name. */
  readonly needed: Readonly<Record<string, Check>>;
  readonly alarms: Pick<Alarms, 'list'>;
}

export interface Readiness {
  /** `degraded`: the process does a part of its job. */
  readonly status: 'ok' | 'degraded' | 'unavailable';
  /** By check: `ok`, or why not. */
  readonly checks: Readonly<Record<string, string>>;
}

/** A check that takes longer counts as failed, milliseconds. */
const checkTimeoutMs = 2_000;
/** Reasons that are spelled out of one check; the others are counted. */
const reasonsMax = 5;

/** Asks everything that is needed at once, and adds the alarms that stand. Never rejects. */
export async function readiness({ needed, alarms }: ReadinessSources): Promise<Readiness> {
  const asked = await Promise.all(
    Object.entries(needed).map(async ([name, check]) => [name, await outcomeOf(check)] as const),
  );
  const standing = alarms.list();
  const reasons = reasonsByCheck(standing);
  const checks: Record<string, string> = {};
  for (const [name, reason] of asked) checks[name] = reason ?? 'ok';
  for (const [check, texts] of reasons) {
    const wrong = checks[check];
    const all = wrong === undefined || wrong === 'ok' ? texts : [wrong, ...texts];
    checks[check] = spelledOut(all);
  }
  const isUnavailable = asked.some(([, reason]) => reason !== undefined);
  const status = isUnavailable ? 'unavailable' : standing.length > 0 ? 'degraded' : 'ok';
  return { status, checks };
}

/** What a check says, at most after `checkTimeoutMs`. Never rejects. */
export async function outcomeOf(check: Check): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, checkTimeoutMs, `There was no answer within ${checkTimeoutMs} ms.`);
  });
  try {
    return await Promise.race([Promise.resolve(check()), timeout]);
  } catch (error) {
    return error instanceof Error ? error.message : 'failed';
  } finally {
    clearTimeout(timer);
  }
}

function reasonsByCheck(standing: readonly Alarm[]): ReadonlyMap<AlarmCheck, readonly string[]> {
  const byCheck = new Map<AlarmCheck, string[]>();
  for (const { check, reason } of standing) {
    const reasons = byCheck.get(check) ?? [];
    byCheck.set(check, reasons);
    if (!reasons.includes(reason)) reasons.push(reason);
  }
  return byCheck;
}

function spelledOut(reasons: readonly string[]): string {
  const more = reasons.length - reasonsMax;
  const shown = reasons.slice(0, reasonsMax).join(' ');
  return more > 0 ? `${shown} And ${more} more.` : shown;
}
