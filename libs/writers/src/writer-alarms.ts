import type { Alarms } from '@fintech-ledger/health';
import type { WriterObserver } from '@fintech-ledger/journal';

/** What writers tell and an operator must know until it is over, as alarms; everything is handed on to the next observer. */
export function writerAlarms(alarms: Alarms, next: WriterObserver): WriterObserver {
  return {
    ...next,
    loaded(stream, ...facts) {
      // A writer that starts anew finds out by itself what it can't handle.
      alarms.clear('due_records', stream);
      next.loaded(stream, ...facts);
    },
    dueFailed(stream, keys, reason) {
      const what = keys.length === 0 ? 'what is due in it' : `${keys[0]} and maybe more that is due`;
      alarms.raise('due_records', stream, `${what} can't be handled: ${reason}. It is tried again.`);
      next.dueFailed(stream, keys, reason);
    },
    dueRecovered(stream) {
      alarms.clear('due_records', stream);
      next.dueRecovered(stream);
    },
  };
}
