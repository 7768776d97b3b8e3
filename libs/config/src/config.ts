/** Everything that can be configured, checked. */
export interface Config {
  /** DATABASE_URL. Absent: the embedded Postgres. */
  readonly databaseUrl: string | undefined;
  /** DATABASE_POOL_MAX: the most connections of one pool. */
  readonly databasePoolMax: number;
  /** HOST: the address to listen on. */
  readonly host: string;
  /** PORT: 0 takes a free one. */
  readonly port: number;
  /** DATA_DIR, absolute. Absent: the app's default. */
  readonly dataDirectory: string | undefined;
  /** API_KEY_PEPPER: keys the HMAC of API keys. Absent: one is made and kept in the data folder. */
  readonly apiKeyPepper: string | undefined;
  /** WRITER_CACHE_ACCOUNTS: how many accounts a writer keeps in memory. */
  readonly writerCacheAccounts: number;
  /** LEASE_TTL_MS: how long a ledger stays with a writer that does not renew its lease. */
  readonly leaseTtlMs: number;
  /** LOG_LEVEL */
  readonly logLevel: LogLevel;
  /** OTEL_SERVICE_NAME: what this process calls itself in metrics. */
  readonly serviceName: string;
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The configuration can't be used; each problem names its variable, what it must be and (unless secret) what it is. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('; '));
  }
}
