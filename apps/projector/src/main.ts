import { kafkaEventFeed } from '@fintech-ledger/event-feed';
import { openKafka, openPool, prepareInstallation } from '@fintech-ledger/installation';
import { decodableTypes, projections } from '@fintech-ledger/projections';
import { projectInto } from '@fintech-ledger/projector';
import { runService } from '@fintech-ledger/service';
import { instruments } from '@fintech-ledger/telemetry';

const usage = `Usage: node dist/apps/projector/src/main.js

Keeps the read models in Postgres up to date from a Kafka topic. Any number of them share its partitions.
Reads DATABASE_URL, KAFKA_*, HEALTH_HOST, HEALTH_PORT.
`;

runService('projector', usage, async ({ config, log, alarms }) => {
  const kafka = openKafka(config, 'projector', log);
  const { databaseUrl } = await prepareInstallation(config, log);
  const database = openPool(databaseUrl, 'projector', 4);
  const feed = kafkaEventFeed({
    kafka,
    topic: config.kafka.topic,
    groupId: config.kafka.groupId,
    isKnown: (type, version) => version === 1 && decodableTypes.has(type),
    onWarning: (message, facts) => log.warn(facts, message),
  });
  const projector = projectInto(database, feed, {
    log,
    alarms,
    applied({ projections: names, events, seconds }) {
      instruments.projectionBatchSeconds.record(seconds);
      for (const projection of names) instruments.projectedEvents.add(events, { projection });
    },
  });
  return {
    checks: Object.fromEntries(
      projections.map(({ name }) => [
        name,
        () => {
          const { state, lastError } = projector.states().get(name) ?? {};
          return state === 'running' || state === 'standby' ? undefined : `${state}: ${lastError ?? ''}`;
        },
      ]),
    ),
    async stop() {
      await projector.stop();
      await database.close();
    },
  };
});
