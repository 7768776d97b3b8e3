import { silentObserver, StreamRefused } from '@fintech-ledger/journal';
import type { IntendedEffect, WriterObserver } from '@fintech-ledger/journal';
import { BrokenInvariant } from '@fintech-ledger/contract';
import type { Logger } from '@fintech-ledger/logging';
import type { AlarmSink } from '@fintech-ledger/health';

/** What writers tell, as log lines: alarms as errors, the rest where an operator looks for it. */
export function writerLog(log: Logger): WriterObserver {
  const refused = new Set<string>();
  return {
    ...silentObserver,
    loaded(stream, revision, replayedEvents, tookMs) {
      refused.delete(stream);
      log.info({ stream, revision, replayedEvents, tookMs: Math.round(tookMs) }, 'writer loaded');
    },
    conflict: (stream, inARow) =>
      log.warn({ stream, inARow }, 'another writer appended first: deciding again'),
    outcomeUnknown: (stream, err) =>
      log.warn({ stream, err }, 'the outcome of an append is unknown: sending it again'),
    dueFailed: (stream, keys, reason) =>
      log.error(
        { stream, records: keys.length, first: keys[0], reason },
        'ALARM: what is due in a ledger, such as holds that expire, can not be handled',
      ),
    dueRecovered: (stream) => log.info({ stream }, 'what was due and could not be handled is handled'),
    effectFailed: ({ stream, module, kind, key, attempt }, reason) =>
      log.warn(
        { stream, module, kind, key, attempt, reason },
        'nothing is known of a call: it is asked about later',
      ),
    storeChanged: (isAvailable, reason) =>
      isAvailable
        ? log.warn('the event store is available again')
        : log.error({ reason }, 'ALARM: the event store is unavailable: commands are refused'),
    clockDoubted: (reason) =>
      reason === undefined
        ? log.warn('the clock is believed again')
        : log.error({ reason }, 'ALARM: the clock is not believed: commands are refused'),
    checkpointSaved: (stream, revision, rows, tookMs) =>
      log.debug({ stream, revision, rows, tookMs: Math.round(tookMs) }, 'checkpoint saved'),
    checkpointDropped: (stream, reason) =>
      log.error(
        { stream, reason },
        'ALARM: a checkpoint does not hold; it is out of use, and the journal is replayed into a new one',
      ),
    checkpointOutdated: (stream, reason) =>
      log.info({ stream, reason }, 'a journal is folded again, as another release folded it otherwise'),
    checkpointFailed: (stream, err) => log.warn({ stream, err }, 'a checkpoint could not be written'),
    stopped(stream, err) {
      if (err instanceof StreamRefused) {
        // Said once: every command for it comes by here.
        if (!refused.has(stream))
          log.fatal({ stream, reason: err.message }, 'ALARM: a ledger is not written');
        refused.add(stream);
      } else if (err instanceof BrokenInvariant) {
        log.fatal({ stream, err }, 'ALARM: a broken invariant stopped the writer');
      } else log.info({ stream, reason: err.message }, 'writer stopped');
    },
  };
}

/** After so many attempts somebody should look. */
const attemptsMax = 3;
/** Effects of one stream that are remembered at most. */
const stuckMax = 1_000;

/** What writers tell, as alarms that stand until it is over; everything is handed on to the next observer. */
export function writerAlarms(alarms: AlarmSink, next: WriterObserver): WriterObserver {
  const effects = effectAlarms(alarms, next);
  return {
    ...next,
    ...effects,
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
      effects.forget(stream);
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

type OfEffects = Pick<WriterObserver, 'effectFailed' | 'effectRecorded'>;

/** Of effects of which nothing is known after several attempts, until something is. */
function effectAlarms(alarms: AlarmSink, next: WriterObserver): OfEffects & { forget(stream: string): void } {
  const stuck = new Map<string, Set<string>>();
  const nameOf = ({ module, key }: IntendedEffect): string => `${module} ${key}`;
  const forget = (stream: string): void => {
    // The next writer finds out on its own, wherever it is.
    if (stuck.delete(stream)) alarms.clear('effects', stream);
  };
  return {
    forget,
    effectFailed(effect, reason) {
      next.effectFailed(effect, reason);
      const { stream, module, kind, key, attempt } = effect;
      if (attempt < attemptsMax) return;
      const of = stuck.get(stream) ?? new Set();
      stuck.set(stream, of);
      if (of.size < stuckMax) of.add(nameOf(effect));
      const what = `nothing is known of ${kind} ${key} of ${module} after ${attempt} attempts`;
      alarms.raise('effects', stream, `${stream}: ${what}: ${reason}. It is tried again.`);
    },
    effectRecorded(effect) {
      next.effectRecorded(effect);
      const of = stuck.get(effect.stream);
      of?.delete(nameOf(effect));
      if (of?.size === 0) forget(effect.stream);
    },
  };
}
