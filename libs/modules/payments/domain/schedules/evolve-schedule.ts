import { BrokenInvariant } from '@fintech-ledger/contract';
import { payoutScheduleKey, scheduleRecordOf } from '../records';
import type { PaymentsView, PayoutScheduleRecord } from '../records';
import type { ScheduleEvent } from './schedule-events';
import { stillYoung } from './young-at';

/** @throws BrokenInvariant a schedule was run that nobody has set */
export function evolveSchedule(
  view: PaymentsView,
  event: ScheduleEvent,
): { readonly key: string; readonly record: PayoutScheduleRecord } {
  const { schedule } = event.data;
  const key = payoutScheduleKey(schedule.owner);
  const known = scheduleRecordOf(view, schedule.owner);
  if (event.type === 'PayoutScheduleSet')
    return { key, record: { kind: 'payoutSchedule', schedule, young: known?.young ?? {} } };
  const dueAt = known?.schedule.nextAt ?? null;
  if (known === undefined || dueAt === null || dueAt > event.data.ranAt)
    throw new BrokenInvariant(`the schedule of ${schedule.owner} was run at ${event.data.ranAt}`);
  const young = stillYoung(known, event.data.ranAt);
  return { key, record: { kind: 'payoutSchedule', schedule, young } };
}
