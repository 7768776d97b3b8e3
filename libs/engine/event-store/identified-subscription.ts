import { nextPause } from '@fintech-ledger/contract';
import { StoreUnavailable } from './port';
import type { GlobalPosition, RecordedEvent, SubscribeOptions, Subscription } from './port';
import { setTimeout as sleep } from 'node:timers/promises';

interface Context {
  open(options: SubscribeOptions): Subscription;
  /** Nothing speaks against the store at the moment. */
  isOurs(): boolean;
  /** @throws StoreUnavailable it is another store, or it can't be told */
  check(): Promise<void>;
  onClose(subscription: IdentifiedSubscription): void;
}

const retryFirstMs = 100;
const retryLastMs = 2_000;

/** A subscription that hands over nothing of a store that is not the right one: it waits, and goes on after what was handed over last. */
export class IdentifiedSubscription implements Subscription {
  private readonly closing = new AbortController();
  private inner: Subscription | undefined;
  private after: GlobalPosition | undefined;

  constructor(
    private readonly options: SubscribeOptions,
    private readonly context: Context,
  ) {
    this.after = options.after;
  }

  passed(): GlobalPosition | undefined {
    return this.context.isOurs() ? this.inner?.passed?.() : undefined;
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.context.onClose(this);
    await this.inner?.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<readonly RecordedEvent[]> {
    const batches = this.batches();
    // `return()` of a generator waits for its running `next()`, which may wait for an event that never comes.
    return {
      next: () => batches.next(),
      return: async () => {
        await this.close();
        return { done: true, value: undefined };
      },
    };
  }

  private async *batches(): AsyncGenerator<readonly RecordedEvent[], undefined> {
    while (!this.closing.signal.aborted) {
      await this.untilOurs();
      if (this.closing.signal.aborted) return;
      const inner = this.context.open({
        ...this.options,
        ...(this.after === undefined ? {} : { after: this.after }),
      });
      this.inner = inner;
      let isDoubted = false;
      for await (const events of inner) {
        isDoubted = !this.context.isOurs() && !(await this.isChecked());
        if (isDoubted) break;
        this.after = events.at(-1)?.position ?? this.after;
        yield events;
      }
      if (!isDoubted) return;
      await inner.close();
    }
  }

  private async untilOurs(): Promise<void> {
    let pauseMs = 0;
    while (!this.closing.signal.aborted) {
      if (await this.isChecked()) return;
      pauseMs = nextPause(pauseMs, retryFirstMs, retryLastMs);
      await sleep(pauseMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
    }
  }

  private async isChecked(): Promise<boolean> {
    try {
      await this.context.check();
      return true;
    } catch (error) {
      if (error instanceof StoreUnavailable) return false;
      throw error;
    }
  }
}
