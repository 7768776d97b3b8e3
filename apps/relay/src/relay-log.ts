import { metadataText } from '@fintech-ledger/event-contracts';
import type { AlarmSink } from '@fintech-ledger/health';
import type { Logger } from '@fintech-ledger/logging';
import type { RelayObserver } from '@fintech-ledger/relay';
import { instruments, traceIdOf } from '@fintech-ledger/telemetry';

/** What a relay tells, as log lines, metrics and alarms. */
export function relayLog(log: Logger, alarms: AlarmSink): RelayObserver {
  const standing = new Set<string>();
  return {
    started(facts) {
      // Every passage begins with all partitions.
      for (const subject of standing) alarms.clear('projections', subject);
      standing.clear();
      log.info(facts, 'relaying');
    },
    sent({ events, seconds }) {
      instruments.relayedEvents.add(events);
      instruments.relaySeconds.record(seconds);
    },
    skipped: (events) => log.info({ events }, 'these events are in the topic already: not sent again'),
    stopped({ partition, event: { stream, revision, type, id, metadata }, reason }) {
      const trace_id = traceIdOf(metadataText(metadata, 'traceparent'));
      const facts = { partition, stream, revision, type, id, reason, ...(trace_id && { trace_id }) };
      standing.add(`partition ${partition}`);
      alarms.raise('projections', `partition ${partition}`, reason);
      log.fatal(facts, 'ALARM: a partition stands still');
    },
    halted({ stream, reason }) {
      alarms.raise('projections', `relay/${stream}`, reason);
      log.fatal({ stream, reason }, 'ALARM: the relay sends nothing more of a stream');
    },
    resumed(facts) {
      alarms.clear('projections', `relay/${facts.stream}`);
      log.warn(facts, 'the relay goes on with a stream that had halted');
    },
    madeAnew: (facts) => log.error(facts, 'the topic was made anew: everything is sent again'),
    retrying: (err, delayMs) => log.warn({ err, delayMs: Math.round(delayMs) }, 'the relay tries again'),
  };
}
