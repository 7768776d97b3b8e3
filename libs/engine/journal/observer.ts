import type { Follower } from '@fintech-ledger/event-store';
import { instruments } from '@fintech-ledger/telemetry';
import type { IntendedEffect } from './effect';

/** What a writer tells about itself: for logs, metrics and alarms. Nothing here may throw. */
export interface WriterObserver {
  loaded(stream: string, revision: number, replayedEvents: number, tookMs: number): void;
  appended(stream: string, events: number, commands: number, tookMs: number): void;
  refused(stream: string, code: string): void;
  replayed(stream: string): void;
  conflict(stream: string, inARow: number): void;
  outcomeUnknown(stream: string, error: Error): void;
  /**
   * Records whose time has come can't be handled, such as a hold that can't be released; it is tried again, later and later. An alarm.
   * @param keys empty: none of the stream can, because its writer can't be loaded
   */
  dueFailed(stream: string, keys: readonly string[], reason: string): void;
  /** Nothing of the stream is left of what `dueFailed` told. */
  dueRecovered(stream: string): void;
  /** Of what an event intends nothing is known after an attempt: what is due leads to the next one. */
  effectFailed(effect: IntendedEffect, reason: string): void;
  /** What came of it is recorded. */
  effectRecorded(effect: IntendedEffect): void;
  /** The event store was found to be unavailable, or to be there again. An alarm. */
  storeChanged(isAvailable: boolean, reason: string): void;
  /** The clock is not believed, and commands are refused; undefined: it is believed again. An alarm. */
  clockDoubted(reason: string | undefined): void;
  checkpointSaved(stream: string, revision: number, rows: number, tookMs: number): void;
  checkpointDropped(stream: string, reason: string): void;
  /** Another release folded its records otherwise: the journal is folded again. */
  checkpointOutdated(stream: string, reason: string): void;
  checkpointFailed(stream: string, error: Error): void;
  /** An alarm when the reason is a BrokenInvariant. */
  stopped(stream: string, reason: Error): void;
}

const nothing = (): void => undefined;

export const silentObserver: WriterObserver = {
  loaded: nothing,
  appended: nothing,
  refused: nothing,
  replayed: nothing,
  conflict: nothing,
  outcomeUnknown: nothing,
  dueFailed: nothing,
  dueRecovered: nothing,
  effectFailed: nothing,
  effectRecorded: nothing,
  storeChanged: nothing,
  clockDoubted: nothing,
  checkpointSaved: nothing,
  checkpointDropped: nothing,
  checkpointOutdated: nothing,
  checkpointFailed: nothing,
  stopped: nothing,
};

/** What writers tell, as metrics; everything is handed on to the next observer. */
export function writerMetrics(next: WriterObserver): WriterObserver {
  return {
    loaded(stream, revision, replayedEvents, tookMs) {
      instruments.writerLoadSeconds.record(tookMs / 1_000);
      next.loaded(stream, revision, replayedEvents, tookMs);
    },
    appended(stream, events, commands, tookMs) {
      instruments.events.add(events);
      instruments.commands.add(commands, { outcome: 'ok' });
      instruments.appendCommands.record(commands);
      instruments.appendSeconds.record(tookMs / 1_000);
      next.appended(stream, events, commands, tookMs);
    },
    refused(stream, code) {
      instruments.commands.add(1, { outcome: code });
      next.refused(stream, code);
    },
    replayed(stream) {
      instruments.commands.add(1, { outcome: 'replayed' });
      next.replayed(stream);
    },
    conflict(stream, inARow) {
      instruments.appendConflicts.add(1);
      next.conflict(stream, inARow);
    },
    outcomeUnknown(stream, error) {
      instruments.unknownOutcomes.add(1);
      next.outcomeUnknown(stream, error);
    },
    dueFailed(stream, keys, reason) {
      instruments.dueFailures.add(Math.max(keys.length, 1));
      next.dueFailed(stream, keys, reason);
    },
    dueRecovered: (stream) => next.dueRecovered(stream),
    ...effectMetrics(next),
    storeChanged(isAvailable, reason) {
      instruments.eventStoreAvailable.record(isAvailable ? 1 : 0);
      next.storeChanged(isAvailable, reason);
    },
    clockDoubted: (reason) => next.clockDoubted(reason),
    checkpointSaved(stream, revision, rows, tookMs) {
      instruments.checkpointSeconds.record(tookMs / 1_000);
      instruments.checkpointRows.add(rows);
      next.checkpointSaved(stream, revision, rows, tookMs);
    },
    checkpointDropped(stream, reason) {
      instruments.checkpointFailures.add(1, { reason: 'dropped' });
      next.checkpointDropped(stream, reason);
    },
    checkpointOutdated: (stream, reason) => next.checkpointOutdated(stream, reason),
    checkpointFailed(stream, error) {
      instruments.checkpointFailures.add(1, { reason: 'not_saved' });
      next.checkpointFailed(stream, error);
    },
    stopped(stream, reason) {
      instruments.writersStopped.add(1, { reason: reason.name });
      next.stopped(stream, reason);
    },
  };
}

function effectMetrics(next: WriterObserver): Pick<WriterObserver, 'effectFailed' | 'effectRecorded'> {
  return {
    effectFailed(effect, reason) {
      instruments.effectFailures.add(1, { module: effect.module, kind: effect.kind });
      next.effectFailed(effect, reason);
    },
    effectRecorded(effect) {
      instruments.effectsRecorded.add(1, { module: effect.module, kind: effect.kind });
      next.effectRecorded(effect);
    },
  };
}

/** A channel to other threads, such as a BroadcastChannel. */
export interface ThreadsChannel {
  postMessage(message: 'wake'): void;
}

/**
 * Wakes what follows the events when something was appended, in other threads and in this one: once for all that was
 * appended in a turn of the event loop. Everything is handed on to the next observer.
 */
export function writerWakes(
  threads: ThreadsChannel,
  follower: Follower | undefined,
  next: WriterObserver,
): WriterObserver {
  let isDue = false;
  const wake = (): void => {
    isDue = false;
    threads.postMessage('wake');
    follower?.wake();
  };
  return {
    ...next,
    appended(...facts) {
      if (!isDue) setImmediate(wake);
      isDue = true;
      next.appended(...facts);
    },
  };
}
