import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { prepareBinaries } from './binaries';
import { applicationRoleName, createCluster, roleName } from './create-cluster';
import { chooseEndpoint, endpointSettings, endpointUrl } from './endpoint';
import type { Endpoint } from './endpoint';
import { EmbeddedPostgresFailed, PlatformNotSupported, startFailure } from './errors';
import { isPostmasterOf, readPostmasterPid } from './postmaster-pid';
import type { PostmasterPid } from './postmaster-pid';
import { prepareFiles, serverPassword } from './server-files';
import type { ServerFiles } from './server-files';
import { adoptServer, startServer, stopServer } from './server-process';
import type { ServerProcess } from './server-process';
import { findServerUser } from './server-user';
import { serverSettings } from './settings';

export interface EmbeddedPostgresOptions {
  /** The folder that holds the server's files. One process at a time: the caller sees to that. */
  readonly directory: string;
  /** false: a power cut may lose or break the data; for tests. Default true. */
  readonly durable?: boolean;
  /** Listen on 127.0.0.1 also where a Unix socket would do. */
  readonly preferTcp?: boolean;
  /** false: it is left alone when it ends. Default true: it is started again. */
  readonly keepRunning?: boolean;
  /** Told in one sentence what happens outside of calls: adopted, ended unexpectedly, running again. */
  readonly log?: (message: string) => void;
}

export interface EmbeddedPostgres {
  /** Of the superuser, who owns everything. Stays the same when the server has to be started again, as the next one does. */
  readonly url: string;
  /** Of a role that is no superuser, with a password of its own. The caller makes the role. */
  readonly applicationUrl: string;
  /** The server's present process. */
  pid(): number;
  /** Stops the server and waits for it. @param withinMs after that it is killed, and recovers at its next start */
  stop(withinMs?: number): Promise<void>;
}

/** How long a server that was left behind may still be starting before it is stopped. */
const settleTimeoutMs = 60_000;
const restartDelaysMs = [0, 200, 1_000, 5_000];

/**
 * Starts a PostgreSQL server of our own, made on the first start, and keeps it running: when it ends without `stop()` it is started
 * again. A server that a killed process left behind is taken over.
 * @throws PlatformNotSupported, EmbeddedPostgresFailed; the data is as it was
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    return await start(options);
  } catch (error) {
    if (error instanceof EmbeddedPostgresFailed || error instanceof PlatformNotSupported) throw error;
    throw Object.assign(startFailure('Postgres could not be started', String(error)), { cause: error });
  }
}

async function start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { durable = true, log = () => undefined } = options;
  const directory = path.resolve(options.directory);
  const user = await findServerUser();
  const files = await prepareFiles(directory, user);
  const [binaries, password, applicationPassword] = await Promise.all([
    prepareBinaries(user, files.copies),
    serverPassword(files.password),
    serverPassword(files.applicationPassword),
  ]);
  await createCluster(files, binaries, user, password, durable);

  const fixed = serverSettings(durable);
  const fingerprint = settingsFingerprint(fixed, binaries.postgres);
  const adopted = await takeOver(files, fingerprint, options.preferTcp === true, log);
  const endpoint = adopted?.endpoint ?? (await chooseEndpoint(files.run, options.preferTcp === true));
  const launch = async (): Promise<ServerProcess> => {
    const server = await startServer(binaries.postgres, files, user, {
      ...fixed,
      ...endpointSettings(endpoint),
    });
    await writeFile(fingerprintFile(files), fingerprint).catch(() => undefined);
    return server;
  };
  const state = { server: adopted?.server ?? (await launch()), isStopping: false };
  const supervisor = new AbortController();

  async function supervise(): Promise<void> {
    for (let failures = 0; !state.isStopping;) {
      if (failures === 0) {
        await state.server.ended.catch(() => undefined);
        if (state.isStopping) return;
        log('Postgres ended unexpectedly; starting it again');
      }
      const wait = restartDelaysMs[Math.min(failures, restartDelaysMs.length - 1)] ?? 0;
      await delay(wait, undefined, { signal: supervisor.signal, ref: false }).catch(() => undefined);
      if (state.isStopping) return;
      try {
        state.server = await launch();
        failures = 0;
        log('Postgres is running again');
      } catch (error) {
        failures += 1;
        log(`Postgres could not be started again, trying on: ${String(error)}`);
      }
    }
  }
  const supervised = options.keepRunning === false ? Promise.resolve() : supervise();

  return {
    url: endpointUrl(endpoint, roleName, password),
    applicationUrl: endpointUrl(endpoint, applicationRoleName, applicationPassword),
    pid: () => state.server.pid,
    async stop(withinMs) {
      state.isStopping = true;
      supervisor.abort();
      await stopServer(state.server, withinMs);
      await supervised;
      // A start that was under way when we were told to stop.
      await stopServer(state.server, withinMs);
    },
  };
}

const fingerprintFile = (files: ServerFiles): string => `${files.log}.settings`;

function settingsFingerprint(settings: Readonly<Record<string, string>>, binary: string): string {
  return createHash('sha256').update(JSON.stringify({ settings, binary })).digest('hex');
}

/** A server of this folder that still runs: adopted when it has the settings that we would give it, stopped otherwise. */
async function takeOver(
  files: ServerFiles,
  fingerprint: string,
  wantsTcp: boolean,
  log: (message: string) => void,
): Promise<{ server: ServerProcess; endpoint: Endpoint } | undefined> {
  const running = await settled(files.data);
  if (running === undefined) return undefined;
  const sameSettings = (await readFile(fingerprintFile(files), 'utf8').catch(() => '')) === fingerprint;
  const sameEndpoint = running.socketFolder === '' || !wantsTcp;
  const server = adoptServer(running.pid, files.data);
  if (running.isReady && sameSettings && sameEndpoint) {
    log('took over the Postgres that an earlier process left running');
    return {
      server,
      endpoint: { socketFolder: running.socketFolder === '' ? '' : files.run, port: running.port },
    };
  }
  log('stopping the Postgres that an earlier process left running');
  await stopServer(server);
  return undefined;
}

/** The running server, once it has finished starting (it may be recovering), or undefined when there is none. */
async function settled(data: string): Promise<PostmasterPid | undefined> {
  for (const deadline = Date.now() + settleTimeoutMs; ; await delay(20)) {
    const running = await readPostmasterPid(data);
    if (running === undefined) return undefined;
    if (!(await isPostmasterOf(running.pid, data))) return undefined;
    if (running.isReady || Date.now() > deadline) return running;
  }
}
