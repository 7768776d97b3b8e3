import { eventType, object, time } from '@fintech-ledger/contract';
import type { EventOf } from '@fintech-ledger/contract';
import { payoutScheduleKey } from '../records';
import { ownedSchedule } from './schedule-facts';
import type { OwnedSchedule } from './schedule-facts';

interface OfSchedule {
  readonly schedule: OwnedSchedule;
}
interface OfRun extends OfSchedule {
  readonly ranAt: string;
}
const touches = ({ schedule: { owner } }: OfSchedule): readonly string[] => [payoutScheduleKey(owner)];

/** What the journal of a payments ledger says of payout schedules. */
export const scheduleEventTypes = [
  eventType({
    name: 'PayoutScheduleSet',
    description: 'From now on an owner is paid out by this schedule. Nothing is booked.',
    schema: object<OfSchedule>({ schedule: ownedSchedule }),
    touches,
  }),
  eventType({
    name: 'PayoutScheduleRan',
    description:
      'A schedule was run: the payouts before this are what there was to pay out. Nothing is booked.',
    schema: object<OfRun>({ ranAt: time, schedule: ownedSchedule }),
    touches: (data: OfRun) => touches(data),
  }),
] as const;
export type ScheduleEvent = EventOf<(typeof scheduleEventTypes)[number]>;

const names = new Set<string>(scheduleEventTypes.map(({ name }) => name));
export const isScheduleEvent = (event: { readonly type: string }): event is ScheduleEvent =>
  names.has(event.type);
