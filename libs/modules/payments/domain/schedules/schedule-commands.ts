import type { PayoutSchedule } from './schedule-facts';

/** From now on the platform is paid out by this schedule. */
export interface SetPayoutSchedule {
  readonly type: 'SetPayoutSchedule';
  readonly livemode: boolean;
  readonly schedule: PayoutSchedule;
}
