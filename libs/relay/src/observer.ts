import type { RecordedEvent } from '@fintech-ledger/event-store';

/** What a relay tells others. Its methods must not throw. */
export interface RelayObserver {
  started?(facts: { readonly position: string | null; readonly skipping: number }): void;
  sent?(facts: { readonly events: number; readonly seconds: number }): void;
  /** Already in the topic: not sent again. */
  skipped?(events: number): void;
  /** This partition stands still until somebody has looked; the others go on. */
  stopped?(facts: {
    readonly partition: number;
    readonly event: RecordedEvent;
    readonly reason: string;
  }): void;
  /** Tries again after `delayMs`. */
  retrying?(error: unknown, delayMs: number): void;
}
