import { startEventStoreDbServer, startKafkaProcess, testDatabase } from '@fintech-ledger/testing';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { readComposeFile } from './support/compose/compose-file';
import { ComposeRun } from './support/compose/compose-run';
import { layOut, readImage } from './support/compose/image';
import { freePort } from './support/free-port';
import { LedgerClient } from './support/ledger-client';
import { buildStandalone, temporaryFolder } from './support/standalone-process';

// Every command and every variable that a compose file gives to our apps is what runs here, but for the places in this table.
jest.setTimeout(180_000);

const variables = {
  POSTGRES_PASSWORD: 'only-for-this-test',
  API_KEY_PEPPER: 'only-for-this-test-only-for-this-test',
  LOG_LEVEL: 'warn',
};

interface Places {
  readonly databaseUrl: string;
  readonly brokers: string;
  readonly eventStoreUrl: string;
  /** Holds the folders that containers have as volumes. */
  readonly folder: string;
}

const anyPort = async (): Promise<string> => String(await freePort());

/** What the file says, and what stands for it here. Another value in the file than the one of this table fails the test. */
const replacements: Readonly<Record<string, [string, (places: Places) => string | Promise<string>]>> = {
  DATABASE_URL: [
    `postgresql://ledger_app:${variables.POSTGRES_PASSWORD}@postgres:5432/ledger`,
    ({ databaseUrl }) => asRole(databaseUrl, 'ledger_app', variables.POSTGRES_PASSWORD),
  ],
  DATABASE_OWNER_URL: [
    `postgresql://ledger:${variables.POSTGRES_PASSWORD}@postgres:5432/ledger`,
    ({ databaseUrl }) => databaseUrl,
  ],
  KAFKA_BROKERS: ['kafka:9092', ({ brokers }) => brokers],
  EVENT_STORE_URL: ['esdb://eventstore:2113?tls=false', ({ eventStoreUrl }) => eventStoreUrl],
  DATA_DIR: ['/data', ({ folder }) => path.join(folder, 'data')],
  // Containers have addresses and ports of their own.
  HOST: ['0.0.0.0', () => '127.0.0.1'],
  HEALTH_HOST: ['0.0.0.0', () => '127.0.0.1'],
  WRITER_HOST: ['0.0.0.0', () => '127.0.0.1'],
  PORT: ['8080', anyPort],
  HEALTH_PORT: ['9464', anyPort],
  WRITER_PORT: ['7070', anyPort],
};

const sets = [
  { file: 'docker-compose.standalone.yml', api: 'ledger', apps: ['ledger'], stands: ['postgres'] },
  {
    file: 'docker-compose.yml',
    api: 'api',
    apps: ['api', 'dispatcher', 'projector', 'relay', 'writer'],
    stands: ['postgres', 'kafka', 'eventstore'],
  },
];

describe.each(sets)('$file', ({ file, api, apps, stands }) => {
  const closers: (() => Promise<unknown>)[] = [];
  let run: ComposeRun;

  beforeAll(async () => {
    buildStandalone();
    const temporary = await temporaryFolder();
    closers.push(() => temporary.remove());
    const folder = temporary.path;
    const image = await readImage();
    await layOut(image, path.join(folder, 'app'));
    // As new as the volume of a first start: nothing is migrated yet.
    const noMigrations = path.join(folder, 'none');
    await mkdir(noMigrations);
    const database = await testDatabase(noMigrations);
    closers.push(() => database.drop());
    const isDistributed = stands.includes('kafka');
    const kafka = isDistributed ? await startKafkaProcess({}) : undefined;
    closers.push(async () => kafka?.stop());
    const eventStore = isDistributed ? await startEventStoreDbServer() : undefined;
    closers.push(async () => eventStore?.close());
    const places: Places = {
      databaseUrl: database.url,
      brokers: kafka?.brokers ?? '',
      eventStoreUrl: eventStore?.url ?? '',
      folder,
    };
    const compose = readComposeFile(file, variables);
    const environments = new Map<string, Readonly<Record<string, string>>>();
    for (const name of apps) {
      const given = { ...image.environment, ...compose.services[name]?.environment };
      environments.set(name, await replaced(given, places));
    }
    run = new ComposeRun({
      file: compose,
      image,
      workingFolder: path.join(folder, 'app'),
      provided: stands,
      environmentOf: (name) => environments.get(name) ?? {},
    });
    closers.push(() => run.down());
    await run.up();
  });
  afterAll(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  it('starts every app that is not a store', () => {
    const services = Object.entries(readComposeFile(file, variables).services);
    const ours = services.filter(([, { build }]) => build !== undefined).map(([name]) => name);
    expect(ours.sort()).toEqual(apps);
    expect(services.map(([name]) => name).sort()).toEqual([...apps, ...stands].sort());
  });

  it('books a payment, shows it in the read models, and keeps the first API key where the file says', async () => {
    const { PORT: port, DATA_DIR: folder = '' } = run.environment(api);
    const apiKey = (await readFile(path.join(folder, 'api-key'), 'utf8')).trim();
    expect(run.log()).not.toContain(apiKey);
    const client = new LedgerClient(`http://127.0.0.1:${port}`, apiKey);
    const { id } = await client.accepted<{ id: string }>('/v1/ledgers', { name: 'main' });
    const ledger = `/v1/ledgers/${id}`;
    for (const [address, type] of [
      ['cash', 'asset'],
      ['fees', 'revenue'],
    ])
      await client.accepted(`${ledger}/accounts`, { address, type, currency: 'USD' });
    const { position } = await client.accepted<{ position: string }>(`${ledger}/transactions`, {
      entries: [
        { account: 'cash', direction: 'debit', amount: '12345', currency: 'USD' },
        { account: 'fees', direction: 'credit', amount: '12345', currency: 'USD' },
      ],
    });
    const balance = await client.get<object>(`${ledger}/accounts/cash/balance`, position);
    expect(balance).toMatchObject({ posted: { balance: '12345' } });
    await client.close();
  });

  it('stops within the time it is given', async () => {
    const stopped = [...(await run.down())].sort((a, b) => a.name.localeCompare(b.name));
    expect(stopped).toEqual(apps.map((name) => ({ name, exitCode: 0 })));
  });
});

/** @throws Error the file gives something else than the table says */
async function replaced(
  given: Readonly<Record<string, string>>,
  places: Places,
): Promise<Readonly<Record<string, string>>> {
  const here: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const [expected, place] = replacements[name] ?? [value, () => value];
    if (value !== expected) throw new Error(`${name} is ${value}, and not ${expected} as this test knows it`);
    here[name] = await place(places);
  }
  return here;
}

/** The same database by another role. */
function asRole(databaseUrl: string, name: string, password: string): string {
  return databaseUrl.replace(/^(postgres(?:ql)?:\/\/)[^/@]*@/, `$1${name}:${password}@`);
}
