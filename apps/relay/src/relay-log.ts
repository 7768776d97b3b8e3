import type { AlarmSink } from '@fintech-ledger/health';
import type { Logger } from '@fintech-ledger/logging';
import type { RelayObserver } from '@fintech-ledger/relay';
import { instruments } from '@fintech-ledger/telemetry';

/** What a relay tells, as log lines, metrics and alarms. */
export function relayLog(log: Logger, alarms: AlarmSink): RelayObserver {
  return {
    started: (facts) => log.info(facts, 'relaying'),
    sent({ events, seconds }) {
      instruments.relayedEvents.add(events);
      instruments.relaySeconds.record(seconds);
    },
    skipped: (events) => log.info({ events }, 'these events are in the topic already: not sent again'),
    halted({ stream, reason }) {
      alarms.raise('projections', `relay/${stream}`, reason);
      log.fatal({ stream, reason }, 'ALARM: the relay sends nothing more of a stream');
    },
    resumed(facts) {
      alarms.clear('projections', `relay/${facts.stream}`);
      log.warn(facts, 'the relay goes on with a stream that had halted');
    },
    madeAnew: (facts) => log.error(facts, 'the topic was recreated: everything is sent again'),
    retrying: (err, delayMs) => log.warn({ err, delayMs: Math.round(delayMs) }, 'the relay tries again'),
  };
}
