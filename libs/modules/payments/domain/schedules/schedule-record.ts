import type { OwnedSchedule } from './schedule-facts';

/** When an owner is paid out. */
export interface PayoutScheduleRecord {
  readonly kind: 'payoutSchedule';
  readonly schedule: OwnedSchedule;
  /** As `YoungMoneyRecord`, with the currency before each: by releases that kept it here. Nothing is added. */
  readonly young: Readonly<Record<string, string>>;
}
