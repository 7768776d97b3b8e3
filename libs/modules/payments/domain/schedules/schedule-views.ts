import {
  answered,
  constant,
  digits,
  livemode,
  named,
  nullable,
  object,
  oneOf,
  optional,
  position,
  time,
  whole,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import { payoutIntervals, weekdays } from './schedule-facts';
import type { OwnedSchedule, PayoutSchedule } from './schedule-facts';

/** What a schedule says, wherever it is shown. */
export const scheduleMembers = {
  interval: oneOf('How often.', payoutIntervals, 'manual'),
  delay_days: whole('How many days after its payment money is paid out.', 2),
  weekly_anchor: nullable(oneOf('On which day of the week.', weekdays, 'monday')),
  monthly_anchor: nullable(whole('On which day of the month; 31: on its last one.', 31)),
  minimum_amount: nullable(digits('In minor units: less than that waits.', '1000')),
} as const;

const members = {
  object: constant('payout_schedule'),
  ...scheduleMembers,
  next_run_at: nullable(time('When it is run next; null: it is `manual`.')),
  livemode,
} as const;
export const payoutScheduleShape = named(
  'PlatformPayoutSchedule',
  'When the platform is paid out what it has available.',
  object({ ...members, position: optional(position) }),
);
export const payoutScheduleAnswer = named(
  'PlatformPayoutScheduleAnswer',
  'The schedule, as a command left it.',
  object({ ...members, ...answered }),
);
export type PayoutScheduleView = ViewOf<typeof payoutScheduleShape>;

export const showSchedule = (schedule: PayoutSchedule) => ({
  interval: schedule.interval,
  delay_days: schedule.delayDays,
  weekly_anchor: schedule.weeklyAnchor,
  monthly_anchor: schedule.monthlyAnchor,
  minimum_amount: schedule.minimumAmount,
});

/** The platform's, in the API's shape. What is rendered for a recorded event never changes. */
export function showPayoutSchedule(schedule: OwnedSchedule): PayoutScheduleView {
  const { livemode: isLive, nextAt } = schedule;
  return { object: 'payout_schedule', ...showSchedule(schedule), next_run_at: nextAt, livemode: isLive };
}
