import type { Logger } from '@fintech-ledger/logging';
import type { RelayObserver } from '@fintech-ledger/relay';
import { instruments } from '@fintech-ledger/telemetry';

/** What a relay tells, as log lines and metrics. */
export function relayLog(log: Logger): RelayObserver {
  return {
    started: (facts) => log.info(facts, 'relaying'),
    sent({ events, seconds }) {
      instruments.relayedEvents.add(events);
      instruments.relaySeconds.record(seconds);
    },
    skipped: (events) => log.info({ events }, 'these events are in the topic already: not sent again'),
    stopped: ({ partition, event: { stream, revision, type, id }, reason }) =>
      log.fatal({ partition, stream, revision, type, id, reason }, 'ALARM: a partition stands still'),
    retrying: (err, delayMs) => log.warn({ err, delayMs: Math.round(delayMs) }, 'the relay tries again'),
  };
}
