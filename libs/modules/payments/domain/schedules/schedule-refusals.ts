import { refusal } from '@fintech-ledger/contract';

export const payoutScheduleInvalid = refusal(
  'payout_schedule_invalid',
  'rule',
  'An anchor belongs to a schedule with its interval: `weekly_anchor` to `weekly`, `monthly_anchor` to `monthly`.',
);
