import { Described, Is, Nullable, oneOfRule, Optional, wholeRule } from '@fintech-ledger/http';
import { delayDaysMax, payoutIntervals, weekdays } from '@fintech-ledger/payments/domain';
import type { PayoutInterval, PayoutSchedule, Weekday } from '@fintech-ledger/payments/domain';
import { amountRule } from '../payments/payment-rules';

@Described(
  'When what is available is paid out, at 00:00 UTC. What is left out is as in the default schedule.',
)
export class PayoutScheduleDto {
  @Is(oneOfRule('payout_interval', payoutIntervals), 'How often; `manual` by default.')
  @Optional()
  declare readonly interval?: PayoutInterval;

  @Is(
    wholeRule('delay_days', 0, delayDaysMax),
    'How many days after its payment money is paid out; 2 by default.',
  )
  @Optional()
  declare readonly delay_days?: number;

  @Is(oneOfRule('weekly_anchor', weekdays), '`weekly`: the day of the week; Monday by default.')
  @Nullable()
  declare readonly weekly_anchor?: Weekday | null;

  @Is(wholeRule('monthly_anchor', 1, 31), '`monthly`: the day of the month; 1 by default. 31: its last day.')
  @Nullable()
  declare readonly monthly_anchor?: number | null;

  @Is(amountRule, 'In minor units: less than that waits.')
  @Nullable()
  declare readonly minimum_amount?: string | null;
}

/** What a schedule is that a request gives, with what it leaves out. */
export function scheduleOf(said: PayoutScheduleDto): PayoutSchedule {
  const { interval = 'manual' } = said;
  return {
    delayDays: said.delay_days ?? 2,
    interval,
    minimumAmount: said.minimum_amount ?? null,
    monthlyAnchor: said.monthly_anchor ?? (interval === 'monthly' ? 1 : null),
    weeklyAnchor: said.weekly_anchor ?? (interval === 'weekly' ? 'monday' : null),
  };
}
