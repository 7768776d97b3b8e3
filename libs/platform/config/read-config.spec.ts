import { ConfigInvalid } from './config';
import { readConfig } from './read-config';
import { requestLimitsDefault } from './request-limits';

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig({}, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.problems;
    throw error;
  }
};

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({}, {})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      logLevel: 'info',
      databaseUrl: undefined,
    });
  });

  it('takes the clock of a database for our own unless it is said to be independent', () => {
    const databaseUrl = { DATABASE_URL: 'postgresql://u:p@db.example.com/d' };
    expect(readConfig({}, databaseUrl).databaseClock).toBe('shared');
    expect(readConfig({}, { ...databaseUrl, DATABASE_CLOCK: 'independent' }).databaseClock).toBe(
      'independent',
    );
    expect(problemsOf({ DATABASE_CLOCK: 'other' })).toEqual([
      'DATABASE_CLOCK must be one of shared, independent, it is "other"',
    ]);
  });

  it('changes single limits of an organization, and refuses what is none', () => {
    const { organizationLimits, keyLimitPercent } = readConfig(
      {},
      { ORGANIZATION_LIMITS: 'posts.rate=5, streams.concurrency=2', KEY_LIMIT_PERCENT: '50' },
    );
    expect(keyLimitPercent).toBe(50);
    expect(organizationLimits).toEqual({
      ...requestLimitsDefault,
      posts: { ...requestLimitsDefault.posts, rate: 5 },
      streams: { ...requestLimitsDefault.streams, concurrency: 2 },
    });
    for (const wrong of [
      'posts=1',
      'posts.rate=0',
      'posts.rate=x',
      'post.rate=1',
      'posts.x.rate=1',
      '__proto__.rate=1',
    ])
      expect(problemsOf({ ORGANIZATION_LIMITS: wrong })).toEqual([
        expect.stringContaining(`ORGANIZATION_LIMITS must be like posts.rate=500`),
      ]);
  });

  it('lets the command line win, and an empty variable count as none', () => {
    const config = readConfig({ PORT: '0', DATA_DIR: undefined }, { PORT: '99', DATA_DIR: '/d', HOST: '' });
    expect(config).toMatchObject({ port: 0, dataDirectory: '/d', host: '127.0.0.1' });
  });

  it.each([
    [{ PORT: '65536' }, 'PORT must be a whole number from 0 to 65535, it is "65536"'],
    [{ PORT: '1e3' }, 'PORT must be a whole number from 0 to 65535, it is "1e3"'],
    [{ LEASE_TTL_MS: '-1' }, 'LEASE_TTL_MS must be a whole number from 100 to 3600000, it is "-1"'],
    [
      { LOG_LEVEL: 'loud' },
      'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, it is "loud"',
    ],
    [
      { KAFKA_BROKERS: 'kafka://a:9092' },
      'KAFKA_BROKERS must be like kafka-1:9092,kafka-2:9092 (no protocol before it), it is "kafka://a:9092"',
    ],
    [
      { KAFKA_MIN_INSYNC_REPLICAS: '2' },
      'KAFKA_MIN_INSYNC_REPLICAS (2) must be at most KAFKA_REPLICATION_FACTOR (1)',
    ],
    [{ KAFKA_USERNAME: 'u' }, 'KAFKA_USERNAME and KAFKA_PASSWORD must be set both or neither'],
    [
      { WRITER_ADDRESS: 'writer-1:7070' },
      'WRITER_ADDRESS must be a URL like http://host:7070, it is "writer-1:7070"',
    ],
    [
      { WRITER_ADDRESS: 'http://0.0.0.0:7070' },
      'WRITER_ADDRESS must name a host that others can reach, it is "http://0.0.0.0:7070"',
    ],
    [
      { STREAM_PREFIX: 'fl_ABCDEFGH-' },
      'STREAM_PREFIX must be none, or fl_, eight of the letters a to z and digits 2 to 7, and a dash, it is "fl_ABCDEFGH-"',
    ],
    [{ API_KEY_PEPPER: 'short' }, 'API_KEY_PEPPER must have at least 32 characters, it has 5'],
    [
      { DATABASE_URL: 'mysql://u:secret@h/d' },
      'DATABASE_URL must be a URL like postgresql://user:password@host:5432/database',
    ],
    [
      { DATABASE_OWNER_URL: 'postgresql://owner:secret@h/d' },
      'DATABASE_OWNER_URL must come with DATABASE_URL',
    ],
    [
      { EVENT_STORE_URL: 'esbd://u:secret@h' },
      'EVENT_STORE_URL must be a connection string like esdb://user:password@host:2113 or esdb+discover://cluster.example',
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'user:secret@collector:4318' },
      'OTEL_EXPORTER_OTLP_ENDPOINT must be a URL like http://collector:4318',
    ],
    [
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      'OTEL_EXPORTER_OTLP_PROTOCOL must be one of http/protobuf, http/json, it is "grpc"',
    ],
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER must be one of otlp, none, it is "zipkin"'],
    [{ OTEL_TRACES_SAMPLER_ARG: '1.5' }, 'OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1, it is "1.5"'],
    [
      { OTEL_RESOURCE_ATTRIBUTES: 'team=books,zone' },
      'OTEL_RESOURCE_ATTRIBUTES must be like team=books,zone=eu%2D1, "zone" in it is not',
    ],
  ])('names the variable of %j', (environment, problem) => {
    expect(problemsOf(environment as Record<string, string>)).toEqual([problem]);
  });

  it('takes EVENT_STORE_URL by its old name too, and says so', () => {
    const [line, other] = ['esdb://u:secret@h:2113', 'esdb://u:secret@other:2113'];
    const old = readConfig({}, { EVENTSTORE_URL: line });
    expect(old.eventStoreUrl).toBe(line);
    expect(old.warnings).toEqual([
      'EVENTSTORE_URL is called EVENT_STORE_URL now: the old name works in this release and not in the next',
    ]);
    const both = readConfig({}, { EVENTSTORE_URL: line, EVENT_STORE_URL: line });
    expect([both.eventStoreUrl, both.warnings.length]).toEqual([line, 1]);
    expect(readConfig({}, { EVENT_STORE_URL: line }).warnings).toEqual([]);
    expect(problemsOf({ EVENTSTORE_URL: line, EVENT_STORE_URL: other })).toEqual([
      'EVENT_STORE_URL and EVENTSTORE_URL, its old name, differ: remove EVENTSTORE_URL',
    ]);
  });

  it('reads the brokers of Kafka', () => {
    expect(readConfig({}, { KAFKA_BROKERS: 'a:9092, b:9093' }).kafka).toMatchObject({
      brokers: ['a:9092', 'b:9093'],
      topic: undefined,
      partitions: 6,
      tls: false,
      credentials: undefined,
    });
  });

  it('traces when it is told where to', () => {
    expect(readConfig({}, {}).tracing).toBeUndefined();
    expect(readConfig({}, { OTEL_TRACES_EXPORTER: 'otlp' }).tracing).toEqual({
      url: 'http://localhost:4318/v1/traces',
      protocol: 'http/protobuf',
      sampler: 'parentbased_always_on',
      ratio: 1,
      resource: {},
      queueSpansMax: 2_048,
      batchSpansMax: 512,
      lingerMs: 5_000,
    });
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector/otlp/' };
    expect(readConfig({}, endpoint).tracing?.url).toBe('https://collector/otlp/v1/traces');
    expect(readConfig({}, { ...endpoint, OTEL_TRACES_EXPORTER: 'none' }).tracing).toBeUndefined();
    expect(readConfig({}, { ...endpoint, OTEL_SDK_DISABLED: 'True' }).tracing).toBeUndefined();
    expect(
      readConfig(
        {},
        {
          ...endpoint,
          OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://other:4318/traces',
          OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
          OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
          OTEL_TRACES_SAMPLER_ARG: '.01',
          OTEL_RESOURCE_ATTRIBUTES: 'team=books, zone = eu%2D1',
          OTEL_BSP_MAX_QUEUE_SIZE: '100',
        },
      ).tracing,
    ).toMatchObject({
      url: 'http://other:4318/traces',
      protocol: 'http/json',
      sampler: 'parentbased_traceidratio',
      ratio: 0.01,
      resource: { team: 'books', zone: 'eu-1' },
      queueSpansMax: 100,
      batchSpansMax: 100,
    });
  });

  it('tells all problems at once', () => {
    expect(problemsOf({ PORT: 'x', LOG_LEVEL: 'x' })).toHaveLength(2);
  });

  it('says where browsers reach the API', () => {
    expect(readConfig({}, {}).publicUrl).toBe('http://localhost:8080');
    expect(readConfig({}, { PORT: '9000' }).publicUrl).toBe('http://localhost:9000');
    expect(readConfig({}, { PUBLIC_URL: 'https://pay.example/api/' }).publicUrl).toBe(
      'https://pay.example/api',
    );
    expect(problemsOf({ PUBLIC_URL: 'pay.example' })).toHaveLength(1);
  });

  it('opens ranges of addresses to webhooks, none by default', () => {
    expect(readConfig({}, {}).webhookAllowedCidrs).toEqual([]);
    const ranges = '10.1.0.0/16, fd00:1::/32,0.0.0.0/0,169.254.169.254/32,fe80::1/128';
    expect(readConfig({}, { WEBHOOK_ALLOWED_CIDRS: ranges }).webhookAllowedCidrs).toEqual([
      '10.1.0.0/16',
      'fd00:1::/32',
      '0.0.0.0/0',
      '169.254.169.254/32',
      'fe80::1/128',
    ]);
  });

  it.each([
    ['private', 'is not a range of addresses'],
    ['10.0.0.0/8,', 'is not a range of addresses'],
    ['10/8', 'is not a range of addresses'],
    ['010.0.0.0/8', 'is not a range of addresses'],
    ['fe80::1%eth0/128', 'is not a range of addresses'],
    ['10.0.0.0/8/8', 'is not a range of addresses'],
    ['10.0.0.1', 'does not end with a number of bits from /0 to /32'],
    ['10.0.0.0/33', 'does not end with a number of bits from /0 to /32'],
    ['10.0.0.0/08', 'does not end with a number of bits from /0 to /32'],
    ['fd00::/129', 'does not end with a number of bits from /0 to /128'],
    ['10.1.2.3/8', 'begins in the middle of a range, which is 10.0.0.0/8'],
    ['169.254.0.0/16', 'is link-local: name single addresses, as /32'],
    ['fe80::/10', 'is link-local: name single addresses, as /128'],
  ])('refuses to open %s, which %s', (range, problem) => {
    const [found, ...more] = problemsOf({ WEBHOOK_ALLOWED_CIDRS: range });
    expect(more).toEqual([]);
    expect(found).toMatch(/^WEBHOOK_ALLOWED_CIDRS must be like 10\.1\.0\.0\/16,fd00:1::\/32: "/);
    expect(found).toContain(problem);
  });
});
