// Periods of a ledger's books: what is closed stays as it is.
import { parseTime, refusal, refuse } from '@fintech-ledger/contract';
import type { Refusal, RefusalOf } from '@fintech-ledger/contract';
import { invalidValue, lengthRefusal } from './given-texts';
import { invalidTime } from './time-refusals';

/** Asks that nothing be booked at or before a moment any more. */
export interface ClosePeriod {
  readonly type: 'ClosePeriod';
  /** RFC 3339, inclusive. It is over. */
  readonly through: string;
  readonly reason: string;
}

/** How far the books of the ledger are closed. There is at most one in a ledger. */
export interface PeriodRecord {
  readonly kind: 'period';
  /** RFC 3339, UTC, milliseconds; inclusive. */
  readonly through: string;
}

/** A close, as its event has it. */
export interface PeriodFacts {
  readonly closedAt: string;
  readonly id: string;
  /** How far the books were closed before; null: not at all. */
  readonly previousThrough: string | null;
  readonly reason: string;
  readonly through: string;
}

export const periodAlreadyClosed = refusal(
  'period_already_closed',
  'conflict',
  'The books are closed through that moment, or a later one, already.',
);
export const periodInFuture = refusal(
  'period_in_future',
  'rule',
  'A period is closed only once it is over: `through` is in the past.',
);
export const periodClosed = refusal(
  'period_closed',
  'rule',
  'The transaction would count in a period whose books are closed. A correction names what it corrects ' +
    '(`correction_of`), and counts when it is booked.',
);
/** What a close may be refused with, in the order of precedence. */
export const closeRefusals = [invalidValue, invalidTime, periodInFuture, periodAlreadyClosed] as const;

export const periodKey = 'period:';

/** Read access to a ledger's state, in which other modules may have records. */
interface PeriodView {
  get(key: string): { readonly kind: string } | undefined;
}

/** How far the books are closed; undefined: not at all. */
export function closedThrough(view: PeriodView): string | undefined {
  const record = view.get(periodKey);
  return record?.kind === 'period' ? (record as PeriodRecord).through : undefined;
}

/** @param context `now`: RFC 3339, UTC, milliseconds */
export function decideClose(
  view: PeriodView,
  { through: asked, reason }: ClosePeriod,
  context: { readonly now: string; newId(prefix: string, index: number): string },
): { readonly type: 'PeriodClosed'; readonly data: PeriodFacts } | RefusalOf<typeof closeRefusals> {
  const { now } = context;
  const unfit = lengthRefusal('reason', reason);
  if (unfit) return unfit;
  const through = parseTime(asked);
  if (through === undefined)
    return refuse(
      invalidTime,
      'a time is RFC 3339 with an offset, for example 2026-01-31T23:59:59.999Z',
      '/through',
    );
  // Strictly before: so what is booked without a time of its own, at `now`, is never in a closed period.
  if (through >= now)
    return refuse(periodInFuture, `it is ${now}; a period that ends at ${through} is not over`, '/through');
  const before = closedThrough(view);
  if (before !== undefined && through <= before)
    return refuse(periodAlreadyClosed, `the books are closed through ${before}`, '/through', {
      through: before,
    });
  const id = context.newId('pcl', 0);
  return {
    type: 'PeriodClosed',
    data: { closedAt: now, id, previousThrough: before ?? null, reason, through },
  };
}

/** Why nothing may count at this time (RFC 3339, UTC, milliseconds) any more. */
export function closedRefusal(view: PeriodView, effectiveAt: string): Refusal<'period_closed'> | undefined {
  const through = closedThrough(view);
  if (through === undefined || effectiveAt > through) return undefined;
  return refuse(
    periodClosed,
    `the books are closed through ${through}; it would count at ${effectiveAt}`,
    '/effective_at',
    { through },
  );
}
