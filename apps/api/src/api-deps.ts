import type { OrganizationQueries } from '@fintech-ledger/access';
import type { PublicEventQueries } from '@fintech-ledger/events';
import type { OutboundGuard } from '@fintech-ledger/outbound';
import type { WebhookOutbox, WebhookQueries } from '@fintech-ledger/webhooks';
import type { EventStore } from '@fintech-ledger/event-store';
import type { RequestLimits } from '@fintech-ledger/config';
import type { ApiKeyDirectory, ApiLog, ApiMetrics, ShareExchange } from '@fintech-ledger/http';
import type { SpoolOptions } from '@fintech-ledger/books/nest';
import type { CommandGateway } from '@fintech-ledger/journal';
import type { LedgerQueries } from '@fintech-ledger/ledger';
import type { AlarmList, ConfirmClock, HealthChecks, Look } from '@fintech-ledger/operations';
import type { ProjectionQueries } from './operations/projection-queries';

/** All that the HTTP API needs of the world. */
export interface ApiDeps {
  readonly gateway: CommandGateway;
  readonly ledgerQueries: LedgerQueries;
  readonly organizationQueries: OrganizationQueries;
  readonly publicEventQueries: PublicEventQueries;
  readonly webhookQueries: WebhookQueries;
  readonly webhookOutbox: WebhookOutbox;
  /** Judges the URLs that clients name. */
  readonly outboundGuard: OutboundGuard;
  /** The API keys that are in force. */
  readonly apiKeys: ApiKeyDirectory;
  /** How old what is known of them may be for queries, milliseconds. */
  readonly apiKeyReadsMs: number;
  readonly projectionQueries: ProjectionQueries;
  /** For reading only. */
  readonly eventStore: EventStore;
  readonly importSpool: SpoolOptions;
  /** The secret that API keys are hashed with. */
  readonly pepper: string;
  /** How many sandboxes an organization may have; absent: as by default. */
  readonly sandboxesMax?: number;
  /** What an organization and a key may do; absent: as by default. */
  readonly limits?: { readonly organization: RequestLimits; readonly keyPercent: number };
  /** What the other processes of the installation are asked for; absent: there are none. */
  readonly shares?: ShareExchange;
  readonly log: ApiLog;
  readonly metrics: ApiMetrics;
  /** What the process knows to be wrong. */
  readonly alarms: AlarmList;
  /** Brings those alarms up to date that nobody raises on its own, see `watchApi`. */
  readonly look?: Look;
  /** An operator says that the clock is right. */
  readonly confirmClock: ConfirmClock;
  /** What the process can't do its job without at all, by name. */
  readonly healthChecks: HealthChecks;
}
