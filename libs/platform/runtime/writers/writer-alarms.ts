import type { AlarmSink } from '@fintech-ledger/health';
import type { WriterObserver } from '@fintech-ledger/journal';
import { BrokenInvariant } from '@fintech-ledger/contract';
import { StreamRefused } from './witnessed-writer';

/** What writers tell, as alarms that stand until it has ended; everything is handed on to the next observer. */
export function writerAlarms(alarms: AlarmSink, next: WriterObserver): WriterObserver {
  return {
    ...next,
    loaded(stream, ...facts) {
      alarms.clear('streams', stream);
      // A writer that starts again finds out on its own what it can't handle.
      alarms.clear('due_records', stream);
      next.loaded(stream, ...facts);
    },
    stopped(stream, reason) {
      if (reason instanceof StreamRefused) alarms.raise('streams', stream, `${reason.message}.`);
      if (reason instanceof BrokenInvariant)
        alarms.raise('streams', stream, `The writer of ${stream} stopped: ${reason.message}.`);
      next.stopped(stream, reason);
    },
    storeChanged(isAvailable, reason) {
      const what = `The event store is unavailable, and commands are refused: ${reason}.`;
      if (isAvailable) alarms.clear('writes', 'event store');
      else alarms.raise('writes', 'event store', what);
      next.storeChanged(isAvailable, reason);
    },
    clockDoubted(reason) {
      if (reason === undefined) alarms.clear('clock', '');
      else alarms.raise('clock', '', `Commands are refused: ${reason}.`);
      next.clockDoubted(reason);
    },
    dueFailed(stream, keys, reason) {
      const what = keys.length === 0 ? 'What is due in it' : `${keys[0]}, which is due,`;
      alarms.raise(
        'due_records',
        stream,
        `${stream}: ${what} can't be handled: ${reason}. It is tried again.`,
      );
      next.dueFailed(stream, keys, reason);
    },
    dueRecovered(stream) {
      alarms.clear('due_records', stream);
      next.dueRecovered(stream);
    },
  };
}
