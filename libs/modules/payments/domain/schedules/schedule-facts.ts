import { object, oneOf, orNull, text, textOrNull, time, wholeNumber, flag } from '@fintech-ledger/contract';
import { platformOwner } from '../chart';

export const payoutIntervals = ['manual', 'daily', 'weekly', 'monthly'] as const;
export type PayoutInterval = (typeof payoutIntervals)[number];
export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
export type Weekday = (typeof weekdays)[number];

/** The longest delay that a schedule may have. */
export const delayDaysMax = 90;

/** When what is available is paid out, at 00:00 UTC. */
export interface PayoutSchedule {
  /** How many days after its payment money may be paid out, beside its settlement. */
  readonly delayDays: number;
  readonly interval: PayoutInterval;
  /** Minor units; null: any amount. */
  readonly minimumAmount: string | null;
  /** 1 to 31, which is the last day of a month that has fewer; null: it is not monthly. */
  readonly monthlyAnchor: number | null;
  /** Null: it is not weekly. */
  readonly weeklyAnchor: Weekday | null;
}

/** The schedule of an owner, and when it is next run. */
export interface OwnedSchedule extends PayoutSchedule {
  readonly livemode: boolean;
  /** Null: nothing is due. */
  readonly nextAt: string | null;
  /** The platform, or a connected account by its id. */
  readonly owner: string;
}
export const defaultSchedule: PayoutSchedule = {
  ...{ delayDays: 2, interval: 'manual', minimumAmount: null, monthlyAnchor: null, weeklyAnchor: null },
};

/** A schedule in events. */
export const scheduleFields = {
  delayDays: wholeNumber({ minimum: 0 }),
  interval: oneOf(...payoutIntervals),
  minimumAmount: textOrNull({ description: 'Minor units', pattern: '^[1-9][0-9]{0,35}$' }),
  monthlyAnchor: orNull(wholeNumber({ minimum: 1, maximum: 31 })),
  weeklyAnchor: orNull(oneOf(...weekdays)),
};
export const ownedSchedule = object<OwnedSchedule>({
  ...scheduleFields,
  livemode: flag,
  nextAt: orNull(time),
  owner: text({ description: 'Whose it is', pattern: `^(?:${platformOwner}|acct_[0-9A-Za-z]+)$` }),
});
