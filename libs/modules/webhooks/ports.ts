import type { PageRequest } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import type { ReplayView } from './replays/replay-shape';
import type { DeliveryDetails, DeliveryView } from './deliveries/delivery-shape';
import type { ParkedEventView } from './parked/parked-event-shape';

/** Judges where requests may go. */
export const outboundGuardPort = Symbol('OutboundGuard');
/** What is sent, and what became of it. */
export const webhookOutboxPort = Symbol('WebhookOutbox');

export interface DeliveryFilter {
  readonly status?: string;
  /** The names of types. */
  readonly types?: readonly string[];
  /** Inclusive. */
  readonly fromMs?: number;
  /** Exclusive. */
  readonly toMs?: number;
}

/** A message past the filter. */
export interface TestMessage {
  readonly id: string;
  readonly endpointId: string;
  readonly organizationId: string;
  readonly type: string;
  readonly body: string;
  readonly nowMs: number;
}

/** Earlier events that are to be sent to an endpoint. */
export interface Replayed {
  readonly id: string;
  readonly endpointId: string;
  readonly organizationId: string;
  /** The names of types. */
  readonly types: readonly string[];
  /** By when they were recorded: inclusive, and exclusive. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Only those of this ledger, from this revision on. */
  readonly from?: { readonly ledgerId: string; readonly revision: number };
  /** They are only counted. */
  readonly dryRun: boolean;
  readonly nowMs: number;
  readonly shown: Pick<ReplayView, 'from' | 'from_position' | 'event_types'>;
}
export type ReplayOutcome =
  | { readonly kind: 'started' | 'counted'; readonly replay: ReplayView }
  | { readonly kind: 'empty' }
  /** Another one of the endpoint is. */
  | { readonly kind: 'running'; readonly id: string };

export interface WebhookReplays {
  start(asked: Replayed): Promise<ReplayOutcome>;
  get(organizationId: string, id: string): Promise<ReplayView | null>;
  /** Null: there is none. */
  cancel(
    organizationId: string,
    id: string,
    nowMs: number,
  ): Promise<{ readonly isCanceled: boolean; readonly replay: ReplayView | null }>;
}

/** What the API asks of the outbox. All throw DatabaseUnavailable when Postgres is unavailable. */
export interface WebhookOutbox {
  keepHeaders(ref: string, organizationId: string, sealed: string): Promise<void>;
  forgetHeaders(ref: string): Promise<void>;
  /** Newest first. @throws InvalidCursor */
  deliveries(endpointId: string, filter: DeliveryFilter, page: PageRequest): Promise<PageOf<DeliveryView>>;
  delivery(organizationId: string, id: string): Promise<DeliveryDetails | null>;
  /** Sends it once more, at once. Null: there is none. */
  retry(organizationId: string, id: string, nowMs: number): Promise<DeliveryDetails | null>;
  addTest(message: TestMessage): Promise<DeliveryDetails>;
  /** Events of which no message could be made. @throws InvalidCursor */
  parked(endpointId: string, page: PageRequest): Promise<PageOf<ParkedEventView>>;
  readonly replays: WebhookReplays;
}
