import { weekdays } from './schedule-facts';
import type { PayoutSchedule } from './schedule-facts';

/* When schedules are run: at 00:00 UTC, by the clock of the environment. */

const dayMs = 86_400_000;
const dayOf = (time: string): number => Math.floor(Date.parse(time) / dayMs);
const timeOf = (day: number): string => new Date(day * dayMs).toISOString();

/** 00:00 UTC of the day of a moment. */
export const midnightOf = (time: string): string => timeOf(dayOf(time));
/** 00:00 UTC so many days after the day of a moment. */
export const daysAfter = (time: string, days: number): string => timeOf(dayOf(time) + days);
/** The first 00:00 UTC at that moment or after it. */
export const nextMidnight = (time: string): string => timeOf(Math.ceil(Date.parse(time) / dayMs));

/** When a schedule is run next, after that moment; null: never. */
export function nextRun(schedule: PayoutSchedule, after: string): string | null {
  const { interval, monthlyAnchor, weeklyAnchor } = schedule;
  const first = dayOf(after) + 1;
  switch (interval) {
    case 'manual':
      return null;
    case 'daily':
      return timeOf(first);
    case 'weekly': {
      // 1970-01-01 was a Thursday.
      const wanted = weekdays.indexOf(weeklyAnchor ?? 'monday');
      const is = (first + weekdays.indexOf('thursday')) % 7;
      return timeOf(first + ((wanted - is + 7) % 7));
    }
    case 'monthly':
      return nextOfMonth(first, monthlyAnchor ?? 1);
  }
}

/** That day of a month, or its last one, from a day on. */
function nextOfMonth(first: number, anchor: number): string {
  const from = new Date(first * dayMs);
  for (let month = from.getUTCMonth(); ; month += 1) {
    const last = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate();
    const day = Date.UTC(from.getUTCFullYear(), month, Math.min(anchor, last));
    if (day >= first * dayMs) return new Date(day).toISOString();
  }
}
