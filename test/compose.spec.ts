import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { readComposeFile } from './support/compose/compose-file';
import type { ComposeService } from './support/compose/compose-file';
import { readImage } from './support/compose/image';
import { interpolate, VariableMissing } from './support/compose/interpolate';
import { repositoryRoot } from './support/up-process';

const secrets = { POSTGRES_PASSWORD: 'p', API_KEY_PEPPER: 'x'.repeat(32) };
const platform = readComposeFile('docker-compose.yml', secrets);
const files = {
  'docker-compose.yml': platform,
  'docker-compose.standalone.yml': readComposeFile('docker-compose.standalone.yml', secrets),
};
const read = (file: string): string => readFileSync(path.join(repositoryRoot, file), 'utf8');

/** What the scripts, which are ES modules, say of a broker and of Node. */
function fromScripts(): {
  kafka: Record<string, string>;
  image: string;
  folder: string;
  nodeOptions: string[];
} {
  const program = `
    import { brokerDataFolder as folder, brokerImage as image } from './scripts/lib/kafka/docker-broker.mjs';
    import { brokerSettings, environmentOf } from './scripts/lib/kafka/settings.mjs';
    import { nodeOptions } from './scripts/lib/node-options.mjs';
    const settings = brokerSettings({
      logFolder: folder, listener: ':9092', advertised: 'kafka:9092', controller: 'localhost:9093',
    });
    process.stdout.write(JSON.stringify({ kafka: environmentOf(settings), image, folder, nodeOptions }));`;
  const options = { cwd: repositoryRoot, encoding: 'utf8' } as const;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], options);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as ReturnType<typeof fromScripts>;
}

/** The variables that guides tell operators to set, and which services read them. */
const variables: readonly (readonly [string, readonly string[]])[] = [
  ['PUBLIC_URL', ['ledger', 'writer']],
  ['WEBHOOK_ALLOWED_CIDRS', ['ledger', 'api', 'dispatcher']],
  ...['WEBHOOK_RATE', 'WEBHOOK_ATTEMPT_DAYS'].map((name) => [name, ['ledger', 'dispatcher']] as const),
  ...['SECONDS', 'URL', 'URL_TOKEN', 'LEDGER_URL', 'LEDGER_KEY'].map(
    (name) => [`AUDIT_HEADS_${name}`, ['ledger', 'dispatcher']] as const,
  ),
  // Dispatchers have no volume, and a file would have to be on one disk for all of them.
  ['AUDIT_HEADS_FILE', ['ledger']],
  ...['AUDIT_ORIGIN_DAYS', 'PROJECTION_NO_PROGRESS_SECONDS'].map(
    (name) => [name, ['ledger', 'api']] as const,
  ),
  ...['LOG_LEVEL', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_TRACES_EXPORTER', 'OTEL_TRACES_SAMPLER']
    .concat(['OTEL_TRACES_SAMPLER_ARG', 'OTEL_BSP_MAX_QUEUE_SIZE'])
    .map((name) => [name, ['ledger', 'api', 'dispatcher', 'projector', 'relay', 'writer']] as const),
];

/** What the files set, or a variable of theirs with another meaning, and what other guides than Docker's are about. */
const otherwise = new Set([
  ...['DATABASE_URL', 'DATABASE_OWNER_URL', 'DATABASE_CLOCK', 'DATA_DIR', 'API_KEY_PEPPER', 'HOST', 'PORT'],
  ...['EVENT_STORE_URL', 'EVENT_STORE_APPEND_BYTES_MAX', 'EVENTSTORE_URL', 'STREAM_PREFIX'],
  ...['KAFKA_BROKERS', 'KAFKA_TOPIC', 'KAFKA_PARTITIONS', 'KAFKA_REPLICATION_FACTOR'],
  ...['KAFKA_MIN_INSYNC_REPLICAS', 'HEALTH_HOST', 'HEALTH_PORT', 'WRITER_HOST', 'WRITER_PORT'],
  // Of several machines, and of a PostgreSQL that others use too.
  ...['WRITER_ADDRESS', 'DATABASE_POOL_MAX', 'LEASE_TTL_MS'],
]);

it('each variable that a guide names is handed on by the compose files, or is none of theirs', () => {
  const reference = read('docs/reference/configuration.md');
  const guides = ['how-to', 'explanation', 'tutorials'].flatMap((folder) =>
    readdirSync(path.join(repositoryRoot, 'docs', folder)).map((file) => read(`docs/${folder}/${file}`)),
  );
  const named = [...reference.matchAll(/^\| `([A-Z_]+)`/gmu)]
    .map(([, name = '']) => name)
    .filter((name) => guides.some((guide) => new RegExp(`\\b${name}\\b`, 'u').test(guide)));
  expect(named.length).toBeGreaterThan(30);
  const known = new Set([...variables.map(([name]) => name), ...otherwise]);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

describe.each(Object.entries(files))('%s', (name, { services, volumes, networks = {} }) => {
  const all = Object.entries(services);
  const ours = all.filter(([, { build }]) => build !== undefined);

  it('has a health check, a policy of restarting and time to stop for every service', () => {
    for (const [service, { healthcheck, restart, stop_grace_period }] of all) {
      expect([service, healthcheck.test.length > 1, restart]).toEqual([service, true, 'unless-stopped']);
      expect(stop_grace_period).toMatch(/^(30s|1m)$/);
    }
  });

  it('waits for services that there are, until they are healthy', () => {
    for (const [, { depends_on = {} }] of all) {
      for (const [dependency, { condition }] of Object.entries(depends_on)) {
        expect(Object.keys(services)).toContain(dependency);
        expect(condition).toBe('service_healthy');
      }
    }
  });

  it('keeps data in volumes that it names, and has none that nobody uses', () => {
    const used = all.flatMap(([, service]) => (service.volumes ?? []).map((volume) => volume.split(':')[0]));
    expect([...new Set(used)].sort()).toEqual(Object.keys(volumes).sort());
  });

  it('lets our apps write to volumes and memory only, and take no rights', () => {
    for (const [, service] of ours) {
      expect(service).toMatchObject({
        image: 'fintech-ledger:local',
        pull_policy: 'build',
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    }
  });

  it('opens ports to this machine only', () => {
    for (const [, { ports = [] }] of all) for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    // No store: who reaches one needs no credentials of ours.
    const open = all.filter(([, { ports = [] }]) => ports.length > 0);
    expect(open.map(([service]) => service)).toEqual([
      ours.some(([app]) => app === 'api') ? 'api' : 'ledger',
    ]);
  });

  it('gives variables that the configuration knows', () => {
    const documented = read('docs/reference/configuration.md');
    for (const [service, { environment }] of ours) {
      for (const variable of Object.keys(environment))
        expect([service, variable, documented.includes(`\`${variable}\``)]).toEqual([
          service,
          variable,
          true,
        ]);
    }
  });

  it.each(variables)('hands on %s, which the guides say to set', (variable, readers) => {
    const passed = ours.filter(([, { environment }]) => variable in environment).map(([service]) => service);
    const reading = ours.map(([service]) => service).filter((service) => readers.includes(service));
    expect(passed.sort()).toEqual(reading.sort());
    for (const reader of reading) {
      const set = readComposeFile(name, { ...secrets, [variable]: 'as-it-is-set' }).services[reader];
      expect([reader, set?.environment[variable]]).toEqual([reader, 'as-it-is-set']);
    }
  });

  it('says where browsers reach it, which may be another port or a proxy', () => {
    const given = (more: Record<string, string>): readonly (string | undefined)[] =>
      Object.values(readComposeFile(name, { ...secrets, ...more }).services)
        .map(({ environment }) => environment['PUBLIC_URL'])
        .filter((url) => url !== undefined);
    expect(given({})).toEqual(['http://localhost:8080']);
    expect(given({ PORT: '9000' })).toEqual(['http://localhost:9000']);
    expect(given({ PORT: '9000', PUBLIC_URL: 'https://pay.example' })).toEqual(['https://pay.example']);
  });

  it('says that containers on one machine share its clock', () => {
    const writers = ours.filter(([service]) => service === 'ledger' || service === 'writer');
    expect(writers.map(([, { environment }]) => environment['DATABASE_CLOCK'])).toEqual(['shared']);
  });

  it('refuses to start without its secrets, and says what to set', () => {
    const missing = (variables: Record<string, string>) => () => readComposeFile(name, variables);
    expect(missing({})).toThrow(VariableMissing);
    expect(missing({ ...secrets, API_KEY_PEPPER: '' })).toThrow(
      /^set API_KEY_PEPPER in \.env to at least 32/,
    );
    expect(missing({ ...secrets, POSTGRES_PASSWORD: '' })).toThrow(/^set POSTGRES_PASSWORD in \.env/);
  });

  it('makes the database with the options of the embedded one', () => {
    const embedded = read('libs/platform/embedded-postgres/create-cluster.ts');
    const options = services['postgres']?.environment['POSTGRES_INITDB_ARGS']?.split(' ') ?? [];
    expect(options.length).toBeGreaterThan(0);
    for (const option of options) expect(embedded).toContain(`'${option}'`);
  });

  it('keeps what is not for clients on a network of its own', () => {
    if (Object.keys(networks).length === 0) return;
    expect(networks['inside']).toEqual({ internal: true });
    const outside = all.filter(([, service]) => service.networks?.includes('outside'));
    expect(outside.map(([service]) => service).sort()).toEqual(['api', 'dispatcher']);
  });
});

describe('docker-compose.yml', () => {
  it('starts Kafka with the version and the settings that the tests run', () => {
    const { kafka, image, folder } = fromScripts();
    const service = platform.services['kafka'] as ComposeService;
    const { CLUSTER_ID: clusterId, ...settings } = service.environment;
    expect(settings).toEqual(kafka);
    expect(clusterId).toMatch(/^[\w-]{22}$/);
    expect(service.image).toBe(image);
    expect(service.volumes).toEqual([`kafka:${folder}`]);
    const version = /<artifactId>kafka_2.13<\/artifactId>\s*<version>([\d.]+)</.exec(
      read('scripts/lib/kafka/pom.xml'),
    )?.[1];
    expect(image).toBe(`apache/kafka:${version}`);
  });

  it('asks the relay for no more replicas than there are brokers', () => {
    expect(platform.services['relay']?.environment).toMatchObject({
      KAFKA_REPLICATION_FACTOR: '1',
      KAFKA_MIN_INSYNC_REPLICAS: '1',
    });
  });

  it('takes EventStoreDB 24.6, or KurrentDB when it is told to, with its data in the same volume', () => {
    expect(platform.services['eventstore']).toMatchObject({
      image: 'eventstore/eventstore:24.6.0-jammy',
      volumes: ['eventstore:/var/lib/eventstore', 'eventstore-log:/var/log/eventstore'],
    });
    const kurrent = {
      EVENTSTORE_IMAGE: 'kurrentplatform/kurrentdb:26.1.1',
      EVENTSTORE_DATA: '/var/lib/kurrentdb',
    };
    const { image, volumes } = readComposeFile('docker-compose.yml', { ...secrets, ...kurrent }).services[
      'eventstore'
    ] as ComposeService;
    expect([image, volumes?.[0]]).toEqual([kurrent.EVENTSTORE_IMAGE, 'eventstore:/var/lib/kurrentdb']);
    const { environment } = platform.services['eventstore'] as ComposeService;
    const settings = (prefix: string) =>
      Object.entries(environment)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, value]) => [name.slice(prefix.length), value]);
    expect(settings('KURRENTDB_')).toEqual(settings('EVENTSTORE_'));
  });
});

describe('the image', () => {
  it('runs Node as npm run up and npm run up:distributed do', async () => {
    const { nodeOptions } = fromScripts();
    const { environment } = await readImage();
    expect(environment['NODE_OPTIONS']).toBe(nodeOptions.join(' '));
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(scripts['up']).toBe(`node ${nodeOptions.join(' ')} scripts/up.mjs`);
  });
});

describe('interpolate', () => {
  it.each([
    ['a$X-${X}-${Y}', 'ax-x-'],
    ['${X:-d} ${E:-d} ${E-d} ${Y:-d} ${Y-d} ${Y:-}', 'x d  d d '],
    ['${X:?no} ${X?no} ${E?no}', 'x x '],
    ['100 $$X', '100 $X'],
    ['${Y:-a ${X} ${E:-d}} ${X:-${Y?no}}', 'a x d x'],
  ])('puts variables into %s', (value, expected) => {
    expect(interpolate(value, { X: 'x', E: '' })).toBe(expected);
  });

  it.each(['${E:?no}', '${Y?no}'])('refuses %s', (value) => {
    expect(() => interpolate(value, { E: '' })).toThrow(new VariableMissing('no'));
  });

  it.each(['${X', '$', '${X:+y}'])('does not guess what %s means', (value) => {
    expect(() => interpolate(value, { X: 'x' })).toThrow(/can interpolate/);
  });
});
