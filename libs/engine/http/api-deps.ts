import type {
  LedgerQueries,
  OrganizationQueries,
  ProjectionQueries,
} from '@fintech-ledger/projection-runtime';
import type { EventStore } from '@fintech-ledger/event-store';
import type { Alarms, Check } from '@fintech-ledger/health';
import type { CommandGateway } from '@fintech-ledger/journal';

/** The part of a pino logger that the edge uses. */
export interface ApiLog {
  isLevelEnabled?(level: string): boolean;
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface ApiMetrics {
  /** All metrics of this process in the Prometheus text format. */
  render(): string | Promise<string>;
  /** Called once for each answered request; `route` is the path's template. */
  observeRequest?(method: string, route: string, status: number, seconds: number): void;
}

/** All that the HTTP API needs of the world. */
export interface ApiDeps {
  readonly gateway: CommandGateway;
  readonly ledgerQueries: LedgerQueries;
  readonly organizationQueries: OrganizationQueries;
  readonly projectionQueries: ProjectionQueries;
  readonly eventStore: EventStore;
  /** The secret that API keys are hashed with. */
  readonly pepper: string;
  readonly log: ApiLog;
  readonly metrics: ApiMetrics;
  /** What the process knows to be wrong. */
  readonly alarms: Pick<Alarms, 'list'>;
  /** Brings those alarms up to date that nobody raises by itself, see `watchApi`. */
  readonly look?: () => Promise<void>;
  /** An operator says that the clock is right. */
  readonly confirmClock: (actor: string) => Promise<{ readonly id: string; readonly confirmedAt: string }>;
  /** What the process can't do its job without at all, by name. */
  readonly healthChecks: Readonly<Record<string, Check>>;
}

export const apiLogPort = Symbol('ApiLog');
export const apiMetricsPort = Symbol('ApiMetrics');
export const alarmsPort = Symbol('Alarms');
export const lookPort = Symbol('Look');
export const confirmClockPort = Symbol('ConfirmClock');
export const healthChecksPort = Symbol('HealthChecks');
