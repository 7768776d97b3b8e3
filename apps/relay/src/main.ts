import {
  kafkaNames,
  openEventStore,
  openKafka,
  openPool,
  prepareInstallation,
} from '@fintech-ledger/installation';
import { runService } from '@fintech-ledger/runtime';
import { kafkaTarget, Relay } from '@fintech-ledger/relay';
import { instruments } from '@fintech-ledger/telemetry';
import { modules } from '../../modules';
import { relayLog } from './relay-log';

const usage = `Usage: node dist/apps/relay/src/main.js

Sends the event store to a Kafka topic, which is made when it is not there. One of several relays; the others stand by.
Reads DATABASE_URL, EVENT_STORE_URL, KAFKA_*, HEALTH_HOST, HEALTH_PORT.
`;

runService('relay', usage, async ({ config, log, alarms }) => {
  const kafka = openKafka(config, 'relay', log);
  const { databaseUrl, installation } = await prepareInstallation(config, log);
  const database = openPool(databaseUrl, 'relay', 4);
  const { store } = await openEventStore(config, { database, installation, log, alarms });
  const target = kafkaTarget({ ...config.kafka, ...kafkaNames(config.kafka, installation), kafka });
  const relay = new Relay({
    store,
    db: database,
    target,
    streamPrefixes: modules.streamPrefixes,
    observer: relayLog(log, alarms),
  });
  relay.start();
  return {
    // A stream that is halted is an alarm: the others go on.
    checks: {
      relay: () => relay.health(),
      store: () => store.wrong,
    },
    async beforeMetrics() {
      instruments.relayHaltedStreams.record(relay.haltedStreams);
      instruments.relayUnsentSeconds.record(relay.unsentSeconds());
      const lag = await relay.lag();
      if (lag !== null) instruments.relayLagEvents.record(lag);
    },
    closers: [
      {
        name: 'relay',
        close: () => relay.stop(),
        underWay: () => ({ unsent_seconds: relay.unsentSeconds() }),
      },
      { name: 'event store', close: () => store.close() },
      { name: 'database', close: (withinMs) => database.close(withinMs) },
    ],
  };
});
