import type { WriterObserver } from '@fintech-ledger/journal';
import { instruments } from '@fintech-ledger/telemetry';

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
