import type { AuditKeys, AuditLogQueries, MerkleLogQueries } from '@fintech-ledger/audit';
import type { LastUses, OrganizationQueries } from '@fintech-ledger/access';
import type { PublicEventQueries } from '@fintech-ledger/events';
import type { OutboundGuard } from '@fintech-ledger/outbound';
import type { WebhookOutbox, WebhookQueries } from '@fintech-ledger/webhooks';
import type { EventStore } from '@fintech-ledger/event-store';
import type { RequestLimits } from '@fintech-ledger/config';
import type {
  ApiKeyDirectory,
  ApiLog,
  ApiMetrics,
  KeptAnswers,
  KeyUses,
  RequestTrail,
  ShareExchange,
} from '@fintech-ledger/http';
import type { SpoolOptions } from '@fintech-ledger/books/nest';
import type { BeginTrials, CommandGateway, DueStreamsOf } from '@fintech-ledger/journal';
import type { LedgerQueries } from '@fintech-ledger/ledger';
import type { LedgerTransferQueries } from '@fintech-ledger/ledger-transfers';
import type {
  AlarmList,
  ConfirmClock,
  HealthChecks,
  Look,
  ParkedEvents,
  Rebuilds,
} from '@fintech-ledger/operations';
import type { PaymentQueries, SimulatorControls } from '@fintech-ledger/payments';
import type { BankQueries } from '@fintech-ledger/bank';
import type { ConnectQueries } from '@fintech-ledger/connect';
import type { FxQueries } from '@fintech-ledger/fx';
import type { SplitQueries } from '@fintech-ledger/splits';
import type { CustomerQueries } from '@fintech-ledger/customers';
import type { DataSubjectQueries, SubjectKeys } from '@fintech-ledger/privacy';
import type { ProjectionQueries } from './operations/projection-queries';

/** All that the HTTP API needs of the world. */
export interface ApiDeps {
  readonly gateway: CommandGateway;
  /** Dry runs of many commands. */
  readonly trials: BeginTrials;
  /** What is due in the streams of sandboxes. */
  readonly dueStreams: DueStreamsOf;
  readonly ledgerQueries: LedgerQueries;
  readonly organizationQueries: OrganizationQueries;
  readonly ledgerTransferQueries: LedgerTransferQueries;
  readonly paymentQueries: PaymentQueries;
  /** The rail of sandboxes, as tests steer it. */
  readonly simulator: SimulatorControls;
  readonly bankQueries: BankQueries;
  readonly connectQueries: ConnectQueries;
  readonly fxQueries: FxQueries;
  readonly splitQueries: SplitQueries;
  readonly customerQueries: CustomerQueries;
  readonly publicEventQueries: PublicEventQueries;
  readonly webhookQueries: WebhookQueries;
  readonly dataSubjectQueries: DataSubjectQueries;
  readonly merkleLogQueries: MerkleLogQueries;
  readonly auditLogQueries: AuditLogQueries;
  /** Keeps where requests came from, and which were refused; absent: nobody does. */
  readonly requestTrail?: RequestTrail;
  /** What personal values are encrypted with. */
  readonly subjectKeys: SubjectKeys;
  /** First answers of requests whose keys no journal keeps. */
  readonly keptAnswers: KeptAnswers;
  /** What heads are signed with. */
  readonly auditKeys: AuditKeys;
  readonly webhookOutbox: WebhookOutbox;
  /** Judges the URLs that clients name. */
  readonly outboundGuard: OutboundGuard;
  /** The API keys that are in force. */
  readonly apiKeys: ApiKeyDirectory;
  /** Is told when they are used, and knows it; absent: nobody does. */
  readonly keyUses?: KeyUses & LastUses;
  /** How old what is known of them may be for queries, milliseconds. */
  readonly apiKeyReadsMs: number;
  readonly projectionQueries: ProjectionQueries;
  /** What operators ask of rebuilds of read models. */
  readonly rebuilds: Rebuilds;
  /** What operators ask of events that a reader could not take. */
  readonly parkedEvents: ParkedEvents;
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
