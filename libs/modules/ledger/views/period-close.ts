import {
  answered,
  constant,
  livemodeOfKey,
  named,
  nullable,
  object,
  page,
  text,
  time,
} from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';

const members = {
  object: constant('period_close'),
  id: text('The id of the close.', 'pcl_1'),
  through: time('Nothing is booked at or before this moment any more.', '2026-01-31T23:59:59.999Z'),
  previous_through: nullable(time('How far the books were closed before; null: not at all.')),
  reason: text('Why, as the client says.', 'January is reconciled'),
  closed_at: time('When they were closed.', '2026-02-03T09:00:00.000Z'),
} as const;

/** As events have it: what is rendered for a recorded event never changes. */
export const toldPeriodCloseShape = named(
  'ToldPeriodClose',
  'A close of the books of a ledger, as its event says it.',
  object(members),
);
export const periodCloseShape = named(
  'PeriodClose',
  'A close of the books of a ledger.',
  object({ ...members, livemode: livemodeOfKey }),
);
export const periodCloseAnswer = named(
  'PeriodCloseAnswer',
  'A close of the books of a ledger.',
  object({ ...members, livemode: livemodeOfKey, ...answered }),
);
export const periodClosePage = page(periodCloseShape);
export type PeriodCloseView = ViewOf<typeof toldPeriodCloseShape>;
