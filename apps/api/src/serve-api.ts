import { simulatorControls } from '@fintech-ledger/payments';
import { ApiKeyUses } from '@fintech-ledger/access';
import { sharedRuns } from '@fintech-ledger/contract';
import { AuditTrail, postgresAuditKeys } from '@fintech-ledger/audit';
import type { Config } from '@fintech-ledger/config';
import type { EventFeed } from '@fintech-ledger/event-feed';
import type { EventStore } from '@fintech-ledger/event-store';
import type { Alarms, Watched } from '@fintech-ledger/health';
import { postgresKeptAnswers, unlessWrong } from '@fintech-ledger/http';
import { postgresSubjectKeys } from '@fintech-ledger/privacy';
import { databaseProblem } from '@fintech-ledger/installation';
import type { Installation } from '@fintech-ledger/installation';
import { dnsResolver, OutboundGuard, rememberNames } from '@fintech-ledger/outbound';
import { postgresWebhookOutbox } from '@fintech-ledger/webhooks';
import { WriterMemory } from '@fintech-ledger/journal';
import type { CommandGateway } from '@fintech-ledger/journal';
import type { Logger } from '@fintech-ledger/logging';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { liveTables } from '@fintech-ledger/projection-runtime';
import { confirmClock, openTrials } from '@fintech-ledger/runtime';
import { renderPrometheus } from '@fintech-ledger/telemetry';
import { modules } from '../../modules';
import { createApi } from './create-api';
import type { followKeys } from './follow-keys';
import { importSpoolOf } from './import-spool';
import { observeBalances, observeProjections, observeRebuilds } from './observe-projections';
import { parkedOf } from './operations/parked-of';
import { rebuildsOf } from './operations/rebuilds-of';
import { postgresProjectionQueries } from './operations/projection-queries';
import type { ProjectionQueries } from './operations/projection-queries';
import { watchApi } from './operations/watch-api';
import type { ReadPools } from './read-pools';
import { readSideOf } from './read-side';

export interface ApiProcess {
  readonly config: Config;
  readonly log: Logger;
  /** What the process knows to be wrong; there is one of them. */
  readonly alarms: Alarms;
  /** Aborted when the process is asked to stop. */
  readonly signal: AbortSignal;
  readonly pepper: string;
  readonly pools: ReadPools;
  readonly keys: Awaited<ReturnType<typeof followKeys>>;
  /** Where commands go. */
  readonly commands: CommandGateway;
  /** What the writers of this process hold. Absent: it has none. */
  readonly memory?: WriterMemory;
  /** Whether the event store that they are written to is the wrong one. */
  readonly written: { readonly wrong: string | undefined };
  readonly installation: Installation;
  /** For reading, but for what operators do of which an event of the installation tells. */
  readonly eventStore: EventStore;
  /** What the read models are made from. */
  readonly feed: EventFeed;
  /** What else there is in this process. */
  readonly watched: readonly Watched[];
  /** Where it is kept that an operator says that the clock is right, and what is sent to webhooks. */
  readonly confirmations: Database;
  readonly dataFolder: string | undefined;
}

const projectionNames = modules.projections.map(({ name }) => name);
/** An erasure wins over whatever the table of keys was restored from. */
async function keptKeys(kept: Sql, pepper: string, store: Pick<EventStore, 'readStream'>) {
  const subjectKeys = postgresSubjectKeys(kept, pepper, store);
  await subjectKeys.destroyErased();
  return subjectKeys;
}

/** What needs the secret, or a table that no event fills. */
function keptParts({ confirmations, config, log, pepper }: ApiProcess, gateway: CommandGateway) {
  const originDays = config.auditOriginDays;
  const trail = new AuditTrail({ gateway, sql: confirmations, originDays, log });
  const keyUses = new ApiKeyUses({ sql: confirmations, log });
  const deps = {
    pepper,
    sandboxesMax: config.sandboxesMax,
    requestTrail: trail,
    keyUses,
    simulator: simulatorControls(confirmations),
    keptAnswers: postgresKeptAnswers(confirmations),
    auditKeys: postgresAuditKeys(confirmations, pepper),
    confirmClock: (actor: string) => confirmClock(confirmations, actor),
  };
  return {
    deps,
    start(): void {
      trail.start();
      keyUses.start();
    },
    /** Writes what is left, if it can be written now. */
    close: () => Promise.all([trail.close(), keyUses.close()]),
  };
}

/** Dry runs share the memory of writers, where there are any. */
function trialsOf({ config, confirmations: database, eventStore, keys, log, memory, pepper }: ApiProcess) {
  const memoryBytesMax = config.writerMemoryBytesMax;
  const held = memory ?? new WriterMemory(memoryBytesMax);
  const parts = { ...keys.ofWriters, database, eventStore, log, memoryBytesMax, modules };
  return openTrials({ ...parts, memory: held, secret: pepper });
}

/** Serves the HTTP API in a process, whichever it is. @throws the listen error as it is */
export async function serveApi(options: ApiProcess) {
  const { config, log, alarms, signal, pepper, pools, keys, written, eventStore } = options;
  const projectionQueries = postgresProjectionQueries(pools.queries, options.feed);
  const { gateway, look } = watchApi({
    gateway: unlessWrong(options.commands, written),
    eventStore,
    projectionQueries,
    noProgressSeconds: config.projectionNoProgressSeconds,
    alarms,
    watched: [...options.watched, keys.watched],
  });
  let isStarted = false;
  const checks = {
    start: () => (signal.aborted ? 'It is stopping.' : isStarted ? undefined : 'It is still starting.'),
    database: () => databaseProblem(pools.access),
    store: () => written.wrong,
  };
  const beforeMetrics = (): Promise<void> => observe(projectionQueries, pools.queries, log);
  const hooks = liveTables(options.confirmations, modules.projections);
  const kept = keptParts(options, gateway);
  const api = await createApi({
    ...{ gateway, trials: trialsOf(options) },
    ...readSideOf(pools, alarms, options.confirmations, config),
    ...kept.deps,
    ...keys.deps,
    subjectKeys: await keptKeys(hooks, pepper, eventStore),
    webhookOutbox: postgresWebhookOutbox(hooks),
    outboundGuard: new OutboundGuard(config.webhookAllowedCidrs, rememberNames(dnsResolver())),
    projectionQueries,
    rebuilds: rebuildsOf(pools.access),
    parkedEvents: parkedOf(hooks, eventStore, options.installation),
    eventStore,
    importSpool: importSpoolOf(config, options.dataFolder),
    log,
    alarms,
    look,
    metrics: { render: sharedRuns(() => beforeMetrics().then(() => renderPrometheus())) },
    healthChecks: checks,
  });
  await api.listen(config.port, config.host).catch(async (error: unknown) => {
    await api.close();
    throw error;
  });
  kept.start();
  return {
    /** Such as `http://127.0.0.1:8080`. */
    url: (await api.getUrl()).replace('[::1]', 'localhost'),
    /** Where commands go, watched. */
    gateway,
    checks,
    look,
    beforeMetrics,
    /** From now on /health/ready says yes. */
    started: (): void => void (isStarted = true),
    async close() {
      await api.close();
      await kept.close();
    },
  };
}

async function observe(
  projections: ProjectionQueries,
  queries: Sql,
  log: Pick<Logger, 'warn'>,
): Promise<void> {
  await Promise.all([
    observeProjections(projections, log),
    observeRebuilds(queries, projectionNames),
    observeBalances(queries),
  ]);
}
