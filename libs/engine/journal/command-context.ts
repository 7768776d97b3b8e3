/** Who asked for a command, and how; the same for every command. */
export interface CommandContext {
  readonly organizationId: string;
  /** The id of an API key, or `system`. */
  readonly actor: string;
  /** The scopes of who asks; absent: the installation itself asks, which may do everything. */
  readonly scopes?: readonly string[];
  /** Scoped to the stream; with it always `requestHash`, the SHA-256 (hex) of the canonical request. */
  readonly idempotencyKey?: string;
  readonly requestHash?: string;
  readonly dryRun: boolean;
  readonly correlationId: string;
  /** Books of the past are imported: an account may be opened in a currency that is withdrawn by now. */
  readonly allowsWithdrawnCurrencies?: boolean;
  /** Where in a trace it was asked for (W3C Trace Context). */
  readonly traceparent?: string;
  readonly tracestate?: string;
}
