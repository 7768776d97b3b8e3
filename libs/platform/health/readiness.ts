import { named, object, oneOf, record, text } from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import type { Alarm, AlarmCheck, Alarms } from './alarms';
import { outcomeOf } from './outcome-of';
import type { Check } from './outcome-of';

export interface ReadinessSources {
  /** Without these the process can't do its job at all. By name. */
  readonly needed: Readonly<Record<string, Check>>;
  readonly alarms: Pick<Alarms, 'list'>;
  /** Brings the alarms up to date that nobody raises on its own, see `watch`. */
  readonly look?: (() => Promise<void>) | undefined;
}

export const readinessShape = named(
  'Health',
  'Whether the process can do its job.',
  object({
    status: oneOf('`degraded`: it does a part of its job.', ['ok', 'degraded', 'unavailable'], 'ok'),
    checks: record(text('`ok`, or why not.', 'ok'), 'What was checked, by name.', {
      database: 'ok',
      event_store: 'ok',
    }),
  }),
);
export type Readiness = ViewOf<typeof readinessShape>;

/** Reasons that are spelled out of one check; the others are counted. */
const reasonsMax = 5;

/**
 * Asks everything that is needed at once, and adds the alarms that stand. Never rejects.
 * @param require what the asker can't do without: `writes` makes it unavailable when no command can be written
 */
export async function readiness(
  { needed, alarms, look }: ReadinessSources,
  require?: 'writes',
): Promise<Readiness> {
  const [asked] = await Promise.all([
    Promise.all(Object.entries(needed).map(async ([name, check]) => [name, await outcomeOf(check)] as const)),
    look?.(),
  ]);
  const standing = alarms.list();
  const checks: Record<string, string> = {};
  if (require !== undefined) checks[require] = 'ok';
  for (const [name, reason] of asked) checks[name] = reason ?? 'ok';
  for (const [check, reasons] of reasonsByCheck(standing)) {
    const wrong = checks[check];
    checks[check] = spelledOut(wrong === undefined || wrong === 'ok' ? reasons : [wrong, ...reasons]);
  }
  const isUnavailable =
    asked.some(([, reason]) => reason !== undefined) ||
    standing.some((alarm) => stopsAll(alarm) || (require === 'writes' && stopsWrites(alarm)));
  return { status: isUnavailable ? 'unavailable' : standing.length > 0 ? 'degraded' : 'ok', checks };
}

function stopsAll({ check, subject }: Alarm): boolean {
  return check === 'store' && subject === '';
}

function stopsWrites({ check }: Alarm): boolean {
  return check === 'writes' || check === 'clock';
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
