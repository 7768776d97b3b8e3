import { startEmbeddedPostgres } from '@fintech-ledger/embedded-postgres';
import { startEventStoreDbServer, startKafkaProcess } from '@fintech-ledger/testing';
import path from 'node:path';
import { startApp } from '../app-process';
import type { AppProcess } from '../app-process';
import { startStandaloneProcess } from '../standalone-process';
import { unpackRecording } from './recording';
import type { RecordedMode, Recording } from './recording';

/** The product of today, running on a copy of what an earlier version left. */
export interface RunningUpgrade {
  readonly url: string;
  /** The first API key as the last start showed it. */
  readonly apiKey: string | undefined;
  readonly recording: Recording;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

interface Parts {
  readonly url: string;
  /** The first API key as the start shows it. */
  readonly apiKey: string | undefined;
  stop(): Promise<void>;
}

export async function startUpgraded(version: string, mode: RecordedMode): Promise<RunningUpgrade> {
  const { folder, recording, remove } = unpackRecording(version, mode);
  const start = (): Promise<Parts> =>
    mode === 'embedded' ? startEmbedded(folder) : startDistributed(folder, recording.pepper ?? '');
  try {
    let parts = await start();
    return {
      get url() {
        return parts.url;
      },
      get apiKey() {
        return parts.apiKey;
      },
      recording,
      async restart() {
        await parts.stop();
        parts = await start();
      },
      async stop() {
        await parts.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

async function startEmbedded(folder: string): Promise<Parts> {
  const standalone = await startStandaloneProcess({ dataFolder: path.join(folder, 'data') });
  const { url, apiKey } = standalone;
  return { url, apiKey, stop: async () => void (await standalone.stop()) };
}

/** Everything on the stored Postgres, topic and event log; what reads is started before what writes, as the how-to says. */
async function startDistributed(folder: string, pepper: string): Promise<Parts> {
  const closers: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const store = await startEventStoreDbServer({ dataFile: path.join(folder, 'eventstoredb.log') });
    closers.push(() => store.close());
    const postgres = await startEmbeddedPostgres({ directory: path.join(folder, 'data', 'postgres') });
    closers.push(() => postgres.stop());
    const kafka = await startKafkaProcess({ dataFolder: path.join(folder, 'data', 'kafka') });
    closers.push(() => kafka.stop());
    const environment = {
      DATABASE_URL: postgres.url,
      KAFKA_BROKERS: kafka.brokers,
      API_KEY_PEPPER: pepper,
      EVENT_STORE_URL: store.url,
    };
    const start = async (name: Parameters<typeof startApp>[0]): Promise<AppProcess> => {
      const app = await startApp(name, environment);
      closers.push(() => app.stop());
      return app;
    };
    await start('projector');
    await start('relay');
    await start('writer');
    const api = await start('api');
    return { url: api.ready['url'] ?? '', apiKey: api.ready['api_key'], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
