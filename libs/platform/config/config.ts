import type { RequestLimits } from './request-limits';
import type { TracingConfig } from './tracing-config';

/** Everything that can be configured, checked. */
/** SANDBOXES_MAX where nothing else is said. */
export const sandboxesMaxDefault = 100;

export interface Config {
  /** DATABASE_URL. Absent: the embedded Postgres. */
  readonly databaseUrl: string | undefined;
  /** DATABASE_OWNER_URL: the role that owns the tables and migrates them. Absent: the one of DATABASE_URL. */
  readonly databaseOwnerUrl: string | undefined;
  /** DATABASE_POOL_MAX: the most connections of one pool. */
  readonly databasePoolMax: number;
  /** EXPENSIVE_QUERIES_MAX: how many queries that take the database long one process makes at once. */
  readonly expensiveQueriesMax: number;
  /** ORGANIZATION_LIMITS: what one organization may do, in all processes together. */
  readonly organizationLimits: RequestLimits;
  /** KEY_LIMIT_PERCENT: how much of that one API key may. */
  readonly keyLimitPercent: number;
  /** SANDBOXES_MAX: how many sandboxes an organization may have. */
  readonly sandboxesMax: number;
  /** AUDIT_ORIGIN_DAYS: how long the audit log keeps IP addresses and user agents, days. */
  readonly auditOriginDays: number;
  /** DATABASE_CLOCK: whether the database's clock may be the one of this machine. */
  readonly databaseClock: DatabaseClock;
  /** EVENT_STORE_URL: the EventStoreDB that keeps the events. Absent: they are kept in Postgres. */
  readonly eventStoreUrl: string | undefined;
  /** EVENT_STORE_APPEND_BYTES_MAX: the most bytes that EventStoreDB takes at once, its own option MaxAppendSize. */
  readonly eventStoreAppendBytesMax: number;
  /** STREAM_PREFIX: what a new installation takes instead of a random one; empty for `none`. Absent: as the database says. */
  readonly streamPrefix: string | undefined;
  /** HOST: the address to listen on. */
  readonly host: string;
  /** PORT: 0 takes a free one. */
  readonly port: number;
  /** PUBLIC_URL, without a slash at its end: where browsers reach the API. By default PORT of this machine. */
  readonly publicUrl: string;
  /** DATA_DIR, absolute. Absent: the app's default. */
  readonly dataDirectory: string | undefined;
  /** IMPORT_SPOOL_DIR, absolute: where files to import are kept while they are read. Absent: the app's default. */
  readonly importSpoolDirectory: string | undefined;
  /** IMPORT_SPOOL_BYTES_MAX: how many bytes of them one process keeps at a time. */
  readonly importSpoolBytesMax: number;
  /** API_KEY_PEPPER: keys the HMAC of API keys. Absent: one is made and kept in the data folder. */
  readonly apiKeyPepper: string | undefined;
  /**
   * API_KEY_READS_SECONDS: how long queries go on with the API keys that are known while the event store can't be
   * asked.
   */
  readonly apiKeyReadsMs: number;
  /** WRITER_CACHE_ACCOUNTS: how many accounts a writer keeps in memory. */
  readonly writerCacheAccounts: number;
  /** WRITER_MEMORY_BYTES_MAX: how much memory all writers of a process may hold together. */
  readonly writerMemoryBytesMax: number;
  /** COMMAND_TIMEOUT_MS: how long a caller waits for the answer to a command. */
  readonly commandTimeoutMs: number;
  /** LEASE_TTL_MS: how long a ledger stays with a writer that does not renew its lease. */
  readonly leaseTtlMs: number;
  /** WRITER_HOST and WRITER_PORT: where a writer of the distributed mode takes commands from the API; port 0 takes a free one. */
  readonly writerHost: string;
  readonly writerPort: number;
  /** WRITER_ADDRESS: how the API reaches this writer, such as `http://writer-1:7070`. Absent: where it listens. */
  readonly writerAddress: string | undefined;
  /** HEALTH_HOST and HEALTH_PORT: where a process of the distributed mode answers /health/live, /health/ready and /metrics. */
  readonly healthHost: string;
  readonly healthPort: number;
  readonly kafka: KafkaConfig;
  /** WEBHOOK_ALLOWED_CIDRS: ranges of addresses that are not public and that customers' URLs may lead to. */
  readonly webhookAllowedCidrs: readonly string[];
  /** WEBHOOK_RATE: attempts a second that a webhook endpoint gets at most. */
  readonly webhookRate: number;
  /** WEBHOOK_ATTEMPT_DAYS: how long attempts at sending webhooks are kept; messages are for ever. */
  readonly webhookAttemptDays: number;
  readonly auditHeads: AuditHeadsConfig;
  /** PROJECTION_NO_PROGRESS_SECONDS: a read model that is behind and does not get on for so long is an alarm. */
  readonly projectionNoProgressSeconds: number;
  /** LOG_LEVEL */
  readonly logLevel: LogLevel;
  /** OTEL_SERVICE_NAME: what the processes of this installation call themselves in logs and traces; each adds what it is. */
  readonly serviceName: string;
  /** Absent: nothing is traced. */
  readonly tracing: TracingConfig | undefined;
  /** What works and should be changed, for the log. */
  readonly warnings: readonly string[];
}

/** Where signed tree heads are published; without any of the three nothing is. */
export interface AuditHeadsConfig {
  /** AUDIT_HEADS_SECONDS: how often heads are signed. */
  readonly everySeconds: number;
  /** AUDIT_HEADS_FILE, absolute: they are appended to it. */
  readonly file: string | undefined;
  /** AUDIT_HEADS_URL: they are posted there. */
  readonly url: string | undefined;
  /** AUDIT_HEADS_URL_TOKEN: sent there as a bearer token. */
  readonly urlToken: string | undefined;
  /** AUDIT_HEADS_LEDGER_URL: they are booked there, `https://host/v1/ledgers/led_…`. */
  readonly ledgerUrl: string | undefined;
  /** AUDIT_HEADS_LEDGER_KEY: the API key for that. */
  readonly ledgerKey: string | undefined;
}

/** The stream between relay and projectors, for the distributed mode. */
export interface KafkaConfig {
  /** KAFKA_BROKERS: `host:port`, separated by commas. Empty: none. */
  readonly brokers: readonly string[];
  /** KAFKA_TOPIC. Absent: the installation's own. */
  readonly topic: string | undefined;
  /** KAFKA_PARTITIONS: of the topic, when it is made; an existing one must have as many. */
  readonly partitions: number;
  /** KAFKA_REPLICATION_FACTOR: of the topic, when it is made. */
  readonly replicationFactor: number;
  /** KAFKA_MIN_INSYNC_REPLICAS: how many replicas must have an event before it counts as sent. */
  readonly minInSyncReplicas: number;
  /** KAFKA_COMPRESSION: `none` or `gzip`. */
  readonly compression: 'none' | 'gzip';
  /** KAFKA_GROUP: the consumer group of the projectors. Absent: the installation's own. */
  readonly groupId: string | undefined;
  /** KAFKA_TLS: `on` or `off`. */
  readonly tls: boolean;
  /** KAFKA_USERNAME, KAFKA_PASSWORD and KAFKA_SASL_MECHANISM. */
  readonly credentials:
    | {
        readonly mechanism: 'plain' | 'scram-sha-512';
        readonly username: string;
        readonly password: string;
      }
    | undefined;
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** `shared`: both may be wrong alike. `independent`: another machine's, and two that agree are right. */
export const databaseClocks = ['shared', 'independent'] as const;
export type DatabaseClock = (typeof databaseClocks)[number];

/** The configuration can't be used; each problem names its variable, what it must be and (unless secret) what it is. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('; '));
  }
}
