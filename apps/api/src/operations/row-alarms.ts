import type { AlarmSink } from '@fintech-ledger/health';
import type { RowObserver } from '@fintech-ledger/ledger';

/** Keeps an alarm for each row of a read model that readers refuse to answer, until it holds again. */
export function rowAlarms(alarms: AlarmSink): RowObserver {
  return {
    inconsistent: (subject, reason) => void alarms.raise('projections', subject, reason),
    holdsAgain: (subject) => void alarms.clear('projections', subject),
  };
}
