/** Attempts that an endpoint has left: a bucket that holds what one second gives, and fills all the time. */
export interface Rate {
  /** Attempts a second. */
  readonly perSecond: number;
  /** When the bucket would have been empty, in milliseconds since 1970; null: it is full. */
  readonly emptyAt: number | null;
}

/**
 * A time since 1970 in milliseconds is kept to 1/4,096 of one, and each attempt that is taken out rounds it again. What
 * is missing for less than this is there: it is taken out whole all the same.
 */
const roundedMs = 1 / 32;

/** Attempts that may be made now. What a replay sends leaves half of the bucket to what happens. Pure. */
export function attemptsLeft({ perSecond, emptyAt }: Rate, now: number): { live: number; replayed: number } {
  const level = emptyAt === null ? perSecond : Math.min(perSecond, ((now - emptyAt) * perSecond) / 1_000);
  const rounded = (roundedMs * perSecond) / 1_000;
  const whole = (value: number): number => Math.max(0, Math.floor(value + rounded));
  return { live: whole(level), replayed: whole(level - Math.floor(perSecond / 2)) };
}

/** When the bucket would have been empty, once so many are taken out. */
export function afterAttempts({ perSecond, emptyAt }: Rate, now: number, count: number): number {
  return Math.max(emptyAt ?? -Infinity, now - 1_000) + (count * 1_000) / perSecond;
}
