/** What a relay tells others. Its methods must not throw. */
export interface RelayObserver {
  started?(facts: { readonly position: string | null; readonly skipping: number }): void;
  sent?(facts: { readonly events: number; readonly seconds: number }): void;
  /** Already in the topic: not sent again. */
  skipped?(events: number): void;
  /** The stream does not go on where the topic's does, or Kafka refused a record of it: it is halted and is tried again; all others go on. */
  halted?(facts: { readonly stream: string; readonly reason: string }): void;
  resumed?(facts: { readonly stream: string; readonly revision: number }): void;
  /** The topic is another one than was sent to: everything is sent again, as of this epoch. */
  madeAnew?(facts: { readonly epoch: number; readonly reason: string }): void;
  /** Tries again after `delayMs`. */
  retrying?(error: unknown, delayMs: number): void;
}
