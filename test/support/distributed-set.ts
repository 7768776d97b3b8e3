import { testDatabase, testKafka } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { randomBytes } from 'node:crypto';
import { startApp } from './app-process';
import type { AppName, AppProcess } from './app-process';
import { LedgerClient } from './ledger-client';
import { buildStandalone } from './standalone-process';

export interface DistributedSetOptions {
  /** `host:port` of brokers. Absent: the broker that all tests share. */
  readonly brokers?: string;
  /** Absent: the events are kept in Postgres. */
  readonly eventStoreUrl?: string;
  readonly writers?: number;
  readonly relays?: number;
  readonly projectors?: number;
  /** For some of the processes, by name such as `writer-1`: what is different for them. Given the URL of the database. */
  readonly changes?: (
    databaseUrl: string,
  ) => Promise<Readonly<Record<string, Readonly<Record<string, string>>>>>;
}

const leaseTtlMs = 2_000;

/** The processes of the distributed product on a database, a topic and a group of their own, which a test freezes, kills and adds to at will. */
export class DistributedSet {
  readonly apps = new Map<string, AppProcess>();
  client: LedgerClient;
  readonly apiKey: string;

  private constructor(
    readonly database: TestDatabase,
    readonly brokers: readonly string[],
    readonly topic: string,
    /** What all processes share. */
    readonly environment: Readonly<Record<string, string>>,
    private readonly changes: Readonly<Record<string, Readonly<Record<string, string>>>>,
    api: AppProcess,
    apps: ReadonlyMap<string, AppProcess>,
  ) {
    this.apiKey = api.ready['api_key'] ?? '';
    this.client = new LedgerClient(api.ready['url'] ?? '', this.apiKey);
    for (const [name, app] of apps) this.apps.set(name, app);
  }

  static async start(options: DistributedSetOptions = {}): Promise<DistributedSet> {
    buildStandalone();
    const [database, kafka] = await Promise.all([
      testDatabase(),
      options.brokers === undefined ? testKafka() : { brokers: options.brokers.split(',') },
    ]);
    const name = `test-${randomBytes(8).toString('hex')}`;
    const environment = {
      DATABASE_URL: database.url,
      KAFKA_BROKERS: kafka.brokers.join(','),
      KAFKA_TOPIC: name,
      KAFKA_GROUP: name,
      API_KEY_PEPPER: randomBytes(32).toString('hex'),
      LEASE_TTL_MS: String(leaseTtlMs),
      ...(options.eventStoreUrl === undefined ? {} : { EVENT_STORE_URL: options.eventStoreUrl }),
    };
    const changes = (await options.changes?.(database.url)) ?? {};
    const apps = new Map<string, AppProcess>();
    const start = async (app: AppName, number?: number): Promise<AppProcess> => {
      const name = number === undefined ? app : `${app}-${number}`;
      const process = await startApp(app, { ...environment, ...changes[name] });
      apps.set(name, process);
      return process;
    };
    try {
      for (let n = 1; n <= (options.writers ?? 1); n += 1) await start('writer', n);
      for (let n = 1; n <= (options.relays ?? 1); n += 1) await start('relay', n);
      for (let n = 1; n <= (options.projectors ?? 1); n += 1) await start('projector', n);
      const api = await start('api');
      return new DistributedSet(database, kafka.brokers, name, environment, changes, api, apps);
    } catch (error) {
      await Promise.all([...apps.values()].map((app) => app.kill()));
      await database.drop();
      throw error;
    }
  }

  /** One more process, or a new one in the place of one that is gone. */
  async add(name: string): Promise<AppProcess> {
    const app = name.replace(/-\d+$/, '') as AppName;
    const process = await startApp(app, { ...this.environment, ...this.changes[name] });
    this.apps.set(name, process);
    return process;
  }

  /** All processes, the api first. */
  async stopApps(): Promise<void> {
    await this.client.close();
    for (const app of [...this.apps.values()].reverse()) await app.stop();
  }

  /** All that `stopApps` stopped; the client is another one then. */
  async startApps(): Promise<void> {
    for (const name of [...this.apps.keys()]) await this.add(name);
    this.client = new LedgerClient(this.apps.get('api')?.ready['url'] ?? '', this.apiKey);
  }

  /** The end of every log, for when something went wrong. */
  logs(): string {
    return [...this.apps].map(([name, app]) => `--- ${name}\n${app.log()}`).join('\n');
  }

  async close(): Promise<void> {
    await this.stopApps();
    await this.database.drop();
  }
}
