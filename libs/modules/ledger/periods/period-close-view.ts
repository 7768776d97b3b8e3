import type { PeriodFacts } from '@fintech-ledger/ledger/domain';
import type { PeriodCloseView } from '../views/period-close';

/** A close in the API's shape. */
export function periodCloseView(close: PeriodFacts): PeriodCloseView {
  return {
    object: 'period_close',
    id: close.id,
    through: close.through,
    previous_through: close.previousThrough,
    reason: close.reason,
    closed_at: close.closedAt,
  };
}
