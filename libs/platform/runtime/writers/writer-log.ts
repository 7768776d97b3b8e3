import type { WriterObserver } from '@fintech-ledger/journal';
import { BrokenInvariant } from '@fintech-ledger/contract';
import type { Logger } from '@fintech-ledger/logging';
import { StreamRefused } from './witnessed-writer';

/** What writers tell, as log lines: alarms as errors, the rest where an operator looks for it. */
export function writerLog(log: Logger): WriterObserver {
  const refused = new Set<string>();
  return {
    loaded(stream, revision, replayedEvents, tookMs) {
      refused.delete(stream);
      log.info({ stream, revision, replayedEvents, tookMs: Math.round(tookMs) }, 'writer loaded');
    },
    appended: () => undefined,
    refused: () => undefined,
    replayed: () => undefined,
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
