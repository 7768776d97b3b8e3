import type { RecordedEvent } from '@fintech-ledger/event-store';
import { tailBytesMax } from './limits';

/**
 * What came of one stream and its listener has not taken yet. It is bounded in bytes: what does not fit is dropped with
 * the rest, and the listener reads on in the store.
 */
export class EventTail {
  private events: RecordedEvent[] = [];
  private bytes = 0;
  private hasLost = false;
  private failure: { readonly error: unknown } | undefined;
  private wake: (() => void) | undefined;

  constructor(private readonly bytesMax: number = tailBytesMax) {}

  /** @param bytes how large it is */
  push(event: RecordedEvent, bytes: number): void {
    if (this.hasLost) return;
    this.bytes += bytes;
    if (this.bytes > this.bytesMax) this.lose();
    else this.events.push(event);
    this.wake?.();
  }

  /** Nothing comes any more. */
  fail(error: unknown): void {
    this.failure = { error };
    this.wake?.();
  }

  /**
   * What has come, at least one event; undefined: some of it was dropped, or `signal` was aborted.
   * @throws what `fail` was told
   */
  async take(signal: AbortSignal): Promise<readonly RecordedEvent[] | undefined> {
    while (!signal.aborted) {
      if (this.hasLost) return undefined;
      if (this.failure !== undefined) throw this.failure.error;
      if (this.events.length > 0) {
        const { events } = this;
        this.events = [];
        this.bytes = 0;
        return events;
      }
      await this.news(signal);
    }
    return undefined;
  }

  private lose(): void {
    this.hasLost = true;
    this.events = [];
    this.bytes = 0;
  }

  private news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const settle = (): void => {
        signal.removeEventListener('abort', settle);
        this.wake = undefined;
        resolve();
      };
      signal.addEventListener('abort', settle, { once: true });
      this.wake = settle;
    });
  }
}
