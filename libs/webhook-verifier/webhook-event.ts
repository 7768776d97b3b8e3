/** The body of a webhook of fintech-ledger. New members, and new types, come with new versions. */
export interface WebhookEvent {
  /** Of the event: `GET /v1/events/{id}` has it, for ever. */
  readonly id: string;
  /** What happened, such as `payment.succeeded`. */
  readonly type: string;
  /** Consecutive for each endpoint: a gap is a message that has not come. `null` for a test. */
  readonly sequence: number | null;
  readonly created_at: string;
  readonly ledger: string | null;
  /** Where the event stands in its ledger, which is the order of events. */
  readonly position: string | null;
  readonly livemode: boolean;
  readonly data: {
    readonly object: Readonly<Record<string, unknown>>;
    readonly previous_attributes?: Readonly<Record<string, unknown>>;
  };
}
