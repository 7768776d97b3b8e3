// What each variable of the configuration means. Whether it is read, its default and its bounds come from the code (configuration.mjs).
import { outboundVariables } from './outbound-variables.mjs';

/** @typedef {{ name: string, group: 'general' | 'distributed' | 'tracing', option?: string, byDefault?: string, meaning: string }} Variable */

const noProgress = 'how long a read model may be behind without getting on until that is an alarm';
/** @type {readonly Variable[]} */
export const variables = [
  {
    name: 'DATABASE_URL',
    group: 'general',
    meaning:
      '`postgresql://user:password@host:5432/database`. Not set: the embedded PostgreSQL in the data folder',
  },
  {
    name: 'DATABASE_OWNER_URL',
    group: 'general',
    meaning:
      'the role that owns the tables and migrates them, where `DATABASE_URL` names another one that may add events and not change them: [two roles](../how-to/run-with-your-own-postgres.md). Not set: the one of `DATABASE_URL`',
  },
  {
    name: 'IMPORT_SPOOL_DIR',
    group: 'general',
    meaning:
      "where files to import are put. Not set: `import-spool` in the data folder, else in the system's temporary one",
  },
  {
    name: 'IMPORT_SPOOL_BYTES_MAX',
    group: 'general',
    meaning: 'the most bytes of files to import that one process keeps at a time, and that one file has',
  },
  { name: 'DATABASE_POOL_MAX', group: 'general', meaning: 'the most connections of the pool for queries' },
  {
    name: 'EXPENSIVE_QUERIES_MAX',
    group: 'general',
    meaning:
      'how many [queries that take the database long](limits.md#expensive-queries) one process makes at once; ' +
      'of one organization one fewer, where it is more than 1',
  },
  {
    name: 'ORGANIZATION_LIMITS',
    group: 'general',
    meaning:
      'what one organization may do, in all processes together: `posts.rate=500,streams.concurrency=20` changes two ' +
      'of [the defaults](limits.md#fair-shares)',
  },
  { name: 'KEY_LIMIT_PERCENT', group: 'general', meaning: 'the share of these that one API key may have' },
  { name: 'PUBLIC_URL', group: 'general', byDefault: 'PORT', meaning: 'where browsers reach the API' },
  { name: 'SANDBOXES_MAX', group: 'general', meaning: 'how many sandboxes an organization may have' },
  { name: 'AUDIT_ORIGIN_DAYS', group: 'general', meaning: 'how many days the audit log keeps addresses' },
  {
    name: 'DATABASE_CLOCK',
    group: 'general',
    meaning:
      'whether the database may run on the clock of this machine, as containers on one host do. `independent` is for ' +
      'a database on another machine: a jump that both clocks share is then believed, whatever its size ' +
      '([the alarm `clock`](../how-to/watch-health-and-logs.md))',
  },
  {
    name: 'EVENT_STORE_URL',
    group: 'general',
    meaning:
      '`esdb://user:password@host:2113`: [keep the events in EventStoreDB](../how-to/run-against-eventstoredb.md). Not set: in PostgreSQL',
  },
  {
    name: 'EVENTSTORE_URL',
    group: 'general',
    meaning: 'the old name of `EVENT_STORE_URL`; works in this release, with a warning',
  },
  {
    name: 'EVENT_STORE_APPEND_BYTES_MAX',
    group: 'general',
    meaning: 'the most bytes that EventStoreDB takes at once: its own option `MaxAppendSize`',
  },
  {
    name: 'STREAM_PREFIX',
    group: 'general',
    byDefault: 'made at random',
    meaning:
      'for the first start on a new database that takes over the streams of a lost one: their prefix, or `none`. Later it is in the database',
  },
  { name: 'HOST', group: 'general', byDefault: '`127.0.0.1`', meaning: 'the address to listen on' },
  { name: 'PORT', group: 'general', option: '--port', meaning: 'the port of the API; `0` takes a free one' },
  {
    name: 'DATA_DIR',
    group: 'general',
    option: '--data-dir',
    byDefault: '`.data` of the clone',
    meaning:
      'where the embedded PostgreSQL, the pepper and the first API key are kept. The `api` of the distributed mode keeps the first key there, and prints it once when it is not set',
  },
  {
    name: 'API_KEY_PEPPER',
    group: 'general',
    meaning: 'keys the HMAC of API keys. Not set: one is made, and kept in the data folder',
  },
  {
    name: 'API_KEY_READS_SECONDS',
    group: 'general',
    meaning:
      'how long queries go on with the API keys that are known while the event store does not answer. ' +
      'Commands are refused after a second',
  },
  {
    name: 'WRITER_CACHE_ACCOUNTS',
    group: 'general',
    meaning: 'records (accounts, holds, references) that a writer keeps in memory',
  },
  {
    name: 'WRITER_MEMORY_BYTES_MAX',
    group: 'general',
    byDefault: 'two fifths of the heap',
    meaning:
      'about how much memory all writers of a process may hold together: caches, what no checkpoint has yet, ' +
      'and commands that wait. Near it the caches of idle writers are let go; beyond it commands are refused (503)',
  },
  {
    name: 'COMMAND_TIMEOUT_MS',
    group: 'general',
    meaning:
      'how long a caller waits for the answer to a command; then 503 tells whether nothing was booked ' +
      '(`unavailable`) or nobody knows (`outcome_unknown`). Each line of a stream and each transaction ' +
      'of an import has this time of its own',
  },
  {
    name: 'LEASE_TTL_MS',
    group: 'general',
    meaning:
      'how long a ledger stays with a process that sends no heartbeats and still has its connection to the database; ' +
      'one that was killed loses it at once',
  },
  {
    name: 'WRITER_HOST',
    group: 'general',
    byDefault: '`127.0.0.1`',
    meaning:
      'where this process takes commands from the others of its installation; `0.0.0.0` is every address. For a private network: it has no TLS',
  },
  { name: 'WRITER_PORT', group: 'general', meaning: 'the port of it; `0` takes a free one' },
  {
    name: 'WRITER_ADDRESS',
    group: 'general',
    byDefault: 'where it listens',
    meaning:
      'how the others reach it, such as `http://writer-1:7070`. Not set, and listening on every address: the name of the machine',
  },
  ...outboundVariables,
  { name: 'PROJECTION_NO_PROGRESS_SECONDS', group: 'general', meaning: noProgress },
  { name: 'LOG_LEVEL', group: 'general', meaning: 'what is logged, as JSON lines on standard error' },
  {
    name: 'OTEL_SERVICE_NAME',
    group: 'general',
    byDefault: '`fintech-ledger`',
    meaning: 'what the processes call themselves in logs and traces',
  },
  { name: 'KAFKA_BROKERS', group: 'distributed', meaning: '`host:port`, several with commas' },
  {
    name: 'KAFKA_TOPIC',
    group: 'distributed',
    byDefault: '`<prefix>ledger-events`',
    meaning: "where the relay sends to and projectors read from; by default with the installation's prefix",
  },
  {
    name: 'KAFKA_PARTITIONS',
    group: 'distributed',
    meaning: 'of the topic, when it is made; an existing one must have as many',
  },
  { name: 'KAFKA_REPLICATION_FACTOR', group: 'distributed', meaning: 'of the topic, when it is made' },
  {
    name: 'KAFKA_MIN_INSYNC_REPLICAS',
    group: 'distributed',
    meaning: 'how many replicas must have an event before it counts as sent',
  },
  { name: 'KAFKA_COMPRESSION', group: 'distributed', meaning: 'of what is sent' },
  {
    name: 'KAFKA_GROUP',
    group: 'distributed',
    byDefault: '`<prefix>fintech-ledger-projectors`',
    meaning: 'the consumer group of the projectors',
  },
  { name: 'KAFKA_TLS', group: 'distributed', meaning: 'whether the connection is encrypted' },
  { name: 'KAFKA_USERNAME', group: 'distributed', meaning: 'with `KAFKA_PASSWORD`, or neither' },
  { name: 'KAFKA_PASSWORD', group: 'distributed', meaning: 'with `KAFKA_USERNAME`, or neither' },
  { name: 'KAFKA_SASL_MECHANISM', group: 'distributed', meaning: 'how the user is authenticated' },
  {
    name: 'HEALTH_HOST',
    group: 'distributed',
    byDefault: '`127.0.0.1`',
    meaning: 'where each process answers `/health/live`, `/health/ready` and `/metrics`, without an API key',
  },
  {
    name: 'HEALTH_PORT',
    group: 'distributed',
    meaning: 'the port of it; `0` takes a free one. One process (`npm run up`) has it only when it is set',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    group: 'tracing',
    byDefault: '`http://localhost:4318`',
    meaning: 'the collector; spans are sent to its `/v1/traces`',
  },
  { name: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', group: 'tracing', meaning: 'the whole URL instead' },
  {
    name: 'OTEL_TRACES_EXPORTER',
    group: 'tracing',
    byDefault: '`otlp` where there is an endpoint',
    meaning: 'whether spans are sent',
  },
  { name: 'OTEL_EXPORTER_OTLP_PROTOCOL', group: 'tracing', meaning: 'what the collector is sent' },
  {
    name: 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL',
    group: 'tracing',
    byDefault: 'that of `OTEL_EXPORTER_OTLP_PROTOCOL`',
    meaning: 'the same, for traces; it wins',
  },
  { name: 'OTEL_TRACES_SAMPLER', group: 'tracing', meaning: 'which traces are kept' },
  { name: 'OTEL_TRACES_SAMPLER_ARG', group: 'tracing', meaning: 'for `traceidratio`: the share of traces' },
  {
    name: 'OTEL_RESOURCE_ATTRIBUTES',
    group: 'tracing',
    meaning: '`key=value`, several with commas: what else is said of the process',
  },
  {
    name: 'OTEL_BSP_MAX_QUEUE_SIZE',
    group: 'tracing',
    meaning: 'spans that wait to be sent; more are dropped',
  },
  {
    name: 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
    group: 'tracing',
    meaning: 'spans of one request to the collector',
  },
  {
    name: 'OTEL_BSP_SCHEDULE_DELAY',
    group: 'tracing',
    meaning: 'how long spans wait for a batch to fill, milliseconds',
  },
  {
    name: 'OTEL_SDK_DISABLED',
    group: 'tracing',
    byDefault: '`false`',
    meaning: '`true`: nothing is traced, whatever else is set',
  },
];
