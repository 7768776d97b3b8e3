import { kafkaEventFeed } from '@fintech-ledger/event-feed';
import {
  kafkaNames,
  openEventStore,
  openKafka,
  openPool,
  prepareInstallation,
} from '@fintech-ledger/installation';
import { projectInto, startRebuilds, watchStreams, runService } from '@fintech-ledger/runtime';
import type { ProjectorState } from '@fintech-ledger/projection-runtime';
import { instruments } from '@fintech-ledger/telemetry';
import path from 'node:path';
import { modules } from '../../modules';

const usage = `Usage: node dist/apps/projector/src/main.js

Keeps the read models in Postgres up to date from a Kafka topic. Any number of them share its partitions.
A stream that can't go on is read again from the event store.
Reads DATABASE_URL, EVENT_STORE_URL, KAFKA_*, HEALTH_HOST, HEALTH_PORT.
`;

runService('projector', usage, async ({ config, log, alarms }) => {
  const kafka = openKafka(config, 'projector', log);
  const { databaseUrl, installation } = await prepareInstallation(config, log);
  const database = openPool(databaseUrl, 'projector', 4);
  const { store: history } = await openEventStore(config, { database, installation, log, alarms });
  const feed = kafkaEventFeed({
    kafka,
    ...kafkaNames(config.kafka, installation),
    onWarning: (message, facts) => log.warn(facts, message),
  });
  const projector = projectInto(database, feed, history, {
    modules,
    log,
    alarms,
    applied({ projections: names, events, seconds }) {
      instruments.projectionBatchSeconds.record(seconds);
      for (const projection of names) instruments.projectedEvents.add(events, { projection });
    },
  });
  const { projections } = modules;
  const unwatch = watchStreams({ db: database, store: history, projections, log, alarms });
  const rebuilds = startRebuilds({
    modules,
    databaseUrl,
    store: history,
    fillThread: config.eventStoreUrl === undefined ? path.join(__dirname, '../../fill-thread.js') : undefined,
    log,
  });
  return {
    // One projection that halted is an alarm: the others go on.
    checks: {
      projector: () =>
        projector.health() ??
        (isStarting([...projector.states().values()]) ? 'It is still starting.' : undefined),
    },
    closers: [
      { name: 'rebuilds', close: () => rebuilds.stop() },
      { name: 'watch of streams', close: () => unwatch() },
      { name: 'projector', close: () => projector.stop() },
      { name: 'event store', close: () => history.close() },
      { name: 'database', close: (withinMs) => database.close(withinMs) },
    ],
  };
});

function isStarting(states: readonly { readonly state: ProjectorState }[]): boolean {
  return states.every(({ state }) => state === 'starting' || state === 'halted');
}
