import path from 'node:path';
import process from 'node:process';
import { getHeapStatistics } from 'node:v8';
import { ConfigInvalid, databaseClocks, logLevels } from './config';
import type { Config } from './config';
import { EnvironmentReader } from './environment-reader';
import { localUrl } from './public-url';
import { readKafkaConfig } from './read-kafka-config';
import { readRequestLimits } from './request-limits';
import { readAuditHeads } from './read-audit-heads';
import { readTracingConfig } from './read-tracing-config';

const mebibyte = 1024 * 1024;
/** How much of the heap is for writers by default. */
const writerHeapShare = 0.4;

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks the whole configuration. An empty variable counts as not set.
 * @param overrides what the command line says, under the variables' names; it wins over the environment
 * @throws ConfigInvalid naming every variable that is wrong
 */
export function readConfig(overrides: Environment = {}, environment: Environment = process.env): Config {
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined);
  const reader = new EnvironmentReader({ ...environment, ...Object.fromEntries(given) });
  const dataDirectory = reader.text('DATA_DIR');
  const spoolDirectory = reader.text('IMPORT_SPOOL_DIR');
  const databaseUrl = reader.postgresUrl('DATABASE_URL');
  const databaseOwnerUrl = reader.postgresUrl('DATABASE_OWNER_URL');
  if (databaseOwnerUrl !== undefined && databaseUrl === undefined)
    reader.problems.push('DATABASE_OWNER_URL must come with DATABASE_URL');
  const config: Config = {
    databaseUrl,
    databaseOwnerUrl,
    databasePoolMax: reader.integer('DATABASE_POOL_MAX', 20, 2, 1_000),
    expensiveQueriesMax: reader.integer('EXPENSIVE_QUERIES_MAX', 2, 1, 100),
    organizationLimits: readRequestLimits(reader, 'ORGANIZATION_LIMITS'),
    keyLimitPercent: reader.integer('KEY_LIMIT_PERCENT', 75, 1, 100),
    sandboxesMax: reader.integer('SANDBOXES_MAX', 100, 0, 10_000),
    auditOriginDays: reader.integer('AUDIT_ORIGIN_DAYS', 90, 1, 3_650),
    databaseClock: reader.oneOf('DATABASE_CLOCK', databaseClocks, 'shared'),
    eventStoreUrl: reader.eventStoreUrl(reader.renamed('EVENT_STORE_URL', 'EVENTSTORE_URL')),
    eventStoreAppendBytesMax: reader.integer(
      'EVENT_STORE_APPEND_BYTES_MAX',
      mebibyte,
      65_536,
      16 * mebibyte - 10_000,
    ),
    streamPrefix: reader.streamPrefix('STREAM_PREFIX'),
    ...readAddress(reader),
    dataDirectory: dataDirectory === undefined ? undefined : path.resolve(dataDirectory),
    importSpoolDirectory: spoolDirectory === undefined ? undefined : path.resolve(spoolDirectory),
    importSpoolBytesMax: reader.integer(
      'IMPORT_SPOOL_BYTES_MAX',
      10_000_000_000,
      1_000_000,
      1_000_000_000_000,
    ),
    apiKeyPepper: reader.secret('API_KEY_PEPPER', 32),
    apiKeyReadsMs: 1_000 * reader.integer('API_KEY_READS_SECONDS', 900, 1, 86_400),
    writerCacheAccounts: reader.integer('WRITER_CACHE_ACCOUNTS', 100_000, 1_000, 100_000_000),
    writerMemoryBytesMax: reader.integer(
      'WRITER_MEMORY_BYTES_MAX',
      Math.floor(getHeapStatistics().heap_size_limit * writerHeapShare),
      16_000_000,
      1_000_000_000_000,
    ),
    commandTimeoutMs: reader.integer('COMMAND_TIMEOUT_MS', 10_000, 1_000, 600_000),
    leaseTtlMs: reader.integer('LEASE_TTL_MS', 10_000, 100, 3_600_000),
    ...readInnerAddresses(reader),
    kafka: readKafkaConfig(reader),
    ...readWebhooks(reader),
    auditHeads: readAuditHeads(reader),
    projectionNoProgressSeconds: reader.integer('PROJECTION_NO_PROGRESS_SECONDS', 60, 5, 86_400),
    logLevel: reader.oneOf('LOG_LEVEL', logLevels, 'info'),
    serviceName: reader.text('OTEL_SERVICE_NAME') ?? 'fintech-ledger',
    tracing: readTracingConfig(reader),
    warnings: reader.warnings,
  };
  if (reader.problems.length > 0) throw new ConfigInvalid(reader.problems);
  return config;
}

/** Where the API is reached by its clients, and by people's browsers. */
function readAddress(reader: EnvironmentReader) {
  const port = reader.integer('PORT', 8080, 0, 65_535);
  const publicUrl = reader.baseUrl('PUBLIC_URL') ?? localUrl(port);
  return { host: reader.text('HOST') ?? '127.0.0.1', port, publicUrl };
}

function readWebhooks(reader: EnvironmentReader) {
  return {
    webhookAllowedCidrs: reader.cidrs('WEBHOOK_ALLOWED_CIDRS'),
    webhookRate: reader.integer('WEBHOOK_RATE', 1_000, 1, 100_000),
    webhookAttemptDays: reader.integer('WEBHOOK_ATTEMPT_DAYS', 90, 1, 36_500),
  };
}

/** Where a process is reached by others of its installation, and by what watches it. */
function readInnerAddresses(reader: EnvironmentReader) {
  return {
    writerHost: reader.text('WRITER_HOST') ?? '127.0.0.1',
    writerPort: reader.integer('WRITER_PORT', 0, 0, 65_535),
    writerAddress: reader.httpUrl('WRITER_ADDRESS'),
    healthHost: reader.text('HEALTH_HOST') ?? '127.0.0.1',
    healthPort: reader.integer('HEALTH_PORT', 0, 0, 65_535),
  };
}
