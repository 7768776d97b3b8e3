import { BrokenInvariant } from '@fintech-ledger/contract';
import type { FeedEvent } from '../../port';

/** Events of one partition on their way to the projector. */
export interface Delivery {
  readonly partition: number;
  readonly events: readonly FeedEvent[];
  readonly nextOffset: bigint;
  readonly epoch: number;
  /** Called once: their rows are written, or nobody will write them. */
  settle(isDone: boolean): void;
}

/**
 * Gives what several partitions deliver to one reader, which takes as much at once as it wants. Bounded by its deliverers, who wait
 * for `settle`.
 */
export class DeliveryQueue {
  private waiting: Delivery[] = [];
  private wake: (() => void) | undefined;
  private isClosed = false;

  put(delivery: Delivery): void {
    if (this.isClosed) {
      delivery.settle(false);
      return;
    }
    this.waiting.push(delivery);
    this.wake?.();
  }

  /** Waits for deliveries; at least one, unless it was closed, and of more only as many as `eventsMax` has room for. */
  async take(eventsMax: number): Promise<readonly Delivery[]> {
    while (this.waiting.length === 0 && !this.isClosed) {
      if (this.wake !== undefined) throw new BrokenInvariant('two readers wait for one queue of deliveries');
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = undefined;
    }
    let events = 0;
    let count = 0;
    for (const delivery of this.waiting) {
      events += delivery.events.length;
      if (count > 0 && events > eventsMax) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  close(): void {
    this.isClosed = true;
    for (const delivery of this.waiting.splice(0)) delivery.settle(false);
    this.wake?.();
  }
}
