import type { PageRequest } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import type { DeliveryDetails, DeliveryView } from './deliveries/delivery-shape';

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
}
