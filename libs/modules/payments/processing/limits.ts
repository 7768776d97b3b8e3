import { feesAtOnce } from '@fintech-ledger/payments/domain';

/** Every bound of the calls of rails, by name. */
export const processingLimits = {
  /** How long a rail is waited for: less than the caller of a payment waits, so that there is something to say then. */
  callMsMax: 7_000,
  /** How many lines of a report are read, compared and booked at once. */
  reportLinesMax: feesAtOnce,
} as const;
