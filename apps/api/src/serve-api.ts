import { sharedRuns } from '@fintech-ledger/contract';
import type { Config } from '@fintech-ledger/config';
import type { EventFeed } from '@fintech-ledger/event-feed';
import type { EventStore } from '@fintech-ledger/event-store';
import type { Alarms, Watched } from '@fintech-ledger/health';
import { unlessWrong } from '@fintech-ledger/http';
import { databaseProblem } from '@fintech-ledger/installation';
import { dnsResolver, OutboundGuard, rememberNames } from '@fintech-ledger/outbound';
import { postgresWebhookOutbox } from '@fintech-ledger/webhooks';
import type { CommandGateway } from '@fintech-ledger/journal';
import type { Logger } from '@fintech-ledger/logging';
import type { Database } from '@fintech-ledger/postgres';
import { confirmClock } from '@fintech-ledger/runtime';
import { renderPrometheus } from '@fintech-ledger/telemetry';
import { createApi } from './create-api';
import type { followKeys } from './follow-keys';
import { importSpoolOf } from './import-spool';
import { observeProjections } from './observe-projections';
import { postgresProjectionQueries } from './operations/projection-queries';
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
  /** Whether the event store that they are written to is the wrong one. */
  readonly written: { readonly wrong: string | undefined };
  /** For reading only. */
  readonly eventStore: EventStore;
  /** What the read models are made from. */
  readonly feed: EventFeed;
  /** What else there is in this process. */
  readonly watched: Watched;
  /** Where it is kept that an operator says that the clock is right, and what is sent to webhooks. */
  readonly confirmations: Database;
  readonly dataFolder: string | undefined;
}

/** Serves the HTTP API in a process, whichever it is. @throws the listen error as it is */
export async function serveApi(options: ApiProcess) {
  const { config, log, alarms, signal, pepper, pools, keys, written, eventStore } = options;
  const projectionQueries = postgresProjectionQueries(pools.queries, options.feed);
  const { gateway, look } = watchApi({
    gateway: unlessWrong(options.commands, written),
    eventStore,
    projectionQueries,
    alarms,
    watched: [options.watched, keys.watched],
  });
  let isStarted = false;
  const checks = {
    start: () => (signal.aborted ? 'It is stopping.' : isStarted ? undefined : 'It is still starting.'),
    database: () => databaseProblem(pools.access),
    store: () => written.wrong,
  };
  const beforeMetrics = (): Promise<void> => observeProjections(projectionQueries);
  const api = await createApi({
    gateway,
    ...readSideOf(pools, alarms, config),
    ...keys.deps,
    webhookOutbox: postgresWebhookOutbox(options.confirmations),
    outboundGuard: new OutboundGuard(config.webhookAllowedCidrs, rememberNames(dnsResolver())),
    projectionQueries,
    eventStore,
    importSpool: importSpoolOf(config, options.dataFolder),
    confirmClock: (actor) => confirmClock(options.confirmations, actor),
    pepper,
    sandboxesMax: config.sandboxesMax,
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
    close: () => api.close(),
  };
}
