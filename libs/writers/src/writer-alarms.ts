import type { AlarmSink } from '@fintech-ledger/health';
import type { WriterObserver } from '@fintech-ledger/journal';
import { BrokenInvariant } from '@fintech-ledger/ledger';

/** What writers tell, as alarms that stand until it is over; everything is handed on to the next observer. */
export function writerAlarms(alarms: AlarmSink, next: WriterObserver): WriterObserver {
  return {
    ...next,
    loaded(stream, ...facts) {
      alarms.clear('streams', stream);
      next.loaded(stream, ...facts);
    },
    stopped(stream, reason) {
      if (reason instanceof BrokenInvariant)
        alarms.raise('streams', stream, `The writer of ${stream} stopped: ${reason.message}.`);
      next.stopped(stream, reason);
    },
  };
}
