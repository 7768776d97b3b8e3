import { publicUrlAt } from '@fintech-ledger/config';
import type { Config } from '@fintech-ledger/config';
import { directEventFeed } from '@fintech-ledger/event-feed';
import type { Alarms } from '@fintech-ledger/health';
import { openEventStore, openPool } from '@fintech-ledger/installation';
import type { CreateFirstKeys, Installation } from '@fintech-ledger/installation';
import type { Logger } from '@fintech-ledger/logging';
import {
  commandsMsMax,
  openWriters,
  postgresOwnership,
  startHealthServer,
  stopInOrder,
  tracingMsMax,
  writerAlarms,
  writerOptions,
  writerLog,
} from '@fintech-ledger/runtime';
import type { Closer } from '@fintech-ledger/runtime';
import { writerMetrics, writerWakes } from '@fintech-ledger/journal';
import { observeProcess, startTracing, stopTracing } from '@fintech-ledger/telemetry';
import { followKeys, openReadPools, serveApi } from '../../api/src';
import { modules } from '../../modules';
import { explainListenError } from './check-port';
import { startProjectorWorker } from './projector-worker';
import { startDispatcher } from './start-dispatcher';

export interface ServicesContext {
  readonly config: Config;
  /** A migrated database; each service makes its own pool. */
  readonly databaseUrl: string;
  readonly installation: Installation;
  /** Keys the HMACs of API keys. */
  readonly pepper: string;
  readonly log: Logger;
  /** Where the log goes; undefined: to standard error. */
  readonly logFile: string | undefined;
  /** What the process knows to be wrong; there is one of them. */
  readonly alarms: Alarms;
  /** Aborted when the process is asked to stop. */
  readonly signal: AbortSignal;
  readonly dataFolder: string;
  /** No other process of the installation can be there. */
  readonly isAlone: boolean;
  /** Of what at most one process can be at a time: the data folder. */
  readonly instanceId: string;
}

export interface Services {
  /** Where the API answers, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /**
   * Make an organization and a sandbox of it, when there is none, and an API key for each with every scope. Undefined:
   * it was made before.
   */
  readonly createKeys: CreateFirstKeys;
  /** Waits until requests with this key are let in. */
  untilKeyWorks(key: string): Promise<void>;
  /** The start has ended: from now on /health/ready says yes. */
  started(): void;
  /** Stops taking requests, gives those under way some time, and closes everything, in this order. */
  readonly closers: readonly Closer[];
}

/** Starts writers, API and projector on one database. @throws the listen error (`EADDRINUSE`) as it is */
export async function startServices(context: ServicesContext): Promise<Services> {
  const { config, databaseUrl, installation, pepper, log, logFile, alarms, instanceId, signal } = context;
  const closers: Closer[] = [];
  try {
    observeProcess();
    await startTracing({ config: config.tracing, serviceName: config.serviceName, log });
    closers.push({ name: 'tracing', close: stopTracing, msMax: tracingMsMax });
    // Apart, so that no query can ever keep an append waiting.
    const writes = openPool(databaseUrl, 'writer', 8);
    const pools = openReadPools(databaseUrl, config);
    const closePools = (withinMs: number) => Promise.all([pools.close(withinMs), writes.close(withinMs)]);
    closers.push({ name: 'database', close: closePools });
    const opened = await openEventStore(config, { database: writes, installation, log, alarms });
    closers.push({ name: 'event store', close: () => opened.store.close() });
    const read = await openEventStore(config, { database: pools.events, installation, log, alarms });
    closers.push({ name: 'event store of reads', close: () => read.store.close() });
    const worker = startProjectorWorker({
      databaseUrl,
      eventStoreUrl: config.eventStoreUrl,
      installation,
      logLevel: config.logLevel,
      logFile,
      serviceName: config.serviceName,
      tracing: config.tracing,
      log,
      alarms,
    });
    closers.push({ name: 'projector', close: (withinMs) => worker.stop(withinMs), reserveMs: 300 });
    const keys = await followKeys({ ...context, keys: pools.keys });
    closers.push({ name: 'api keys', close: () => keys.close() });
    let apiPort = config.port;
    const writers = await openWriters({
      modules,
      eventStore: opened.store,
      storeSystem: opened.system,
      database: writes,
      isDatabaseClockIndependent: config.databaseClock === 'independent',
      ...writerOptions(config, log, () => publicUrlAt(config, apiPort)),
      secret: pepper,
      ...writerAddressOf(config),
      ...keys.ofWriters,
      observer: writerWakes(worker.appends, read.follower, observerOf(context)),
      ownership: (address) =>
        postgresOwnership({ database: writes, address, instanceId, ttlMs: config.leaseTtlMs, log }),
    }).catch((error: unknown) => {
      throw explainListenError(error, config.writerHost, config.writerPort, 'WRITER_PORT');
    });
    closers.push(closerOf(writers));

    const dispatcher = startDispatcher(context, { store: read.store, gateway: writers.gateway });
    closers.push(dispatcher);
    const api = await serveApi({
      config,
      log,
      alarms,
      signal,
      pepper,
      pools,
      keys,
      ...{ commands: writers.gateway, memory: writers.memory },
      ...{ written: opened.store, installation },
      eventStore: read.store,
      feed: directEventFeed(opened.store),
      watched: [
        { check: 'projections', subject: 'projector thread', ask: () => worker.health() },
        ...dispatcher.watched,
      ],
      confirmations: writes,
      dataFolder: context.dataFolder,
    });
    apiPort = Number(new URL(api.url).port);
    closers.push({ name: 'api', close: api.close });
    closers.push({ name: 'health', close: await startHealth(config, alarms, api) });
    return {
      url: api.url,
      createKeys: keys.createFirst(api.gateway, pepper, writes),
      untilKeyWorks: (key) => keys.untilWorks(key, signal),
      started: api.started,
      closers: closers.reverse(),
    };
  } catch (error) {
    await stopInOrder(closers.reverse(), log);
    throw error;
  }
}

const observerOf = ({ alarms, log }: ServicesContext) => writerAlarms(alarms, writerMetrics(writerLog(log)));

const writerAddressOf = ({ writerHost: host, writerPort: port, writerAddress: address }: Config) => ({
  host,
  port,
  ...(address !== undefined && { address }),
});

function closerOf(writers: Awaited<ReturnType<typeof openWriters>>): Closer {
  return {
    name: 'writers',
    close: () => writers.close(),
    msMax: commandsMsMax,
    underWay: () => writers.underWay(),
  };
}

/** Health and metrics without an API key, on a port of their own, where HEALTH_PORT says so. Returns what closes it. */
async function startHealth(
  { healthHost, healthPort }: Config,
  alarms: Alarms,
  served: Parameters<Awaited<ReturnType<typeof startHealthServer>>['started']>[0],
): Promise<() => Promise<void>> {
  if (healthPort === 0) return () => Promise.resolve();
  const server = await startHealthServer(healthHost, healthPort, alarms).catch((error: unknown) => {
    throw explainListenError(error, healthHost, healthPort, 'HEALTH_PORT');
  });
  server.started(served);
  return () => server.close();
}
