import type { LedgerQueries, OrganizationQueries, ProjectionQueries } from '@fintech-ledger/application';
import type { EventStore } from '@fintech-ledger/event-store';
import type { CommandGateway } from '@fintech-ledger/journal';

/** The part of a pino logger that the edge uses. */
export interface ApiLog {
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

/** Rejects, or resolves with a sentence, when the part is not ready; resolves with undefined when it is. */
export type HealthCheck = () => Promise<string | undefined>;

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
  /** What `GET /health/ready` asks, by name. */
  readonly healthChecks: Readonly<Record<string, HealthCheck>>;
}

export const apiLogPort = Symbol('ApiLog');
export const apiMetricsPort = Symbol('ApiMetrics');
export const healthChecksPort = Symbol('HealthChecks');
