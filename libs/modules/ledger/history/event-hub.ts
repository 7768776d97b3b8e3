import { journalPrefix } from '@fintech-ledger/envelope';
import { StoreUnavailable } from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent, Subscription } from '@fintech-ledger/event-store';
import { EventTail } from './event-tail';
import { hubGatherMs } from './limits';

interface Following {
  subscription?: Subscription;
  /** It delivers whatever is appended from now on. */
  readonly begun: Promise<void>;
}

/** One subscription of this process to all journals, open while anybody listens; its events are handed on by stream. */
export class EventHub {
  private readonly tails = new Map<string, Set<EventTail>>();
  private following: Following | undefined;

  constructor(private readonly store: Pick<EventStore, 'subscribe' | 'lastPosition'>) {}

  /** Resolves when all that is appended to the stream from now on comes into the tail. @throws StoreUnavailable */
  async listen(stream: string): Promise<EventTail> {
    const tail = new EventTail();
    const ofStream = this.tails.get(stream) ?? new Set();
    this.tails.set(stream, ofStream.add(tail));
    this.following ??= this.follow();
    try {
      await this.following.begun;
    } catch (error) {
      this.leave(stream, tail);
      throw error;
    }
    return tail;
  }

  leave(stream: string, tail: EventTail): void {
    const ofStream = this.tails.get(stream);
    if (ofStream?.delete(tail) === true && ofStream.size === 0) this.tails.delete(stream);
    if (this.tails.size > 0) return;
    void this.following?.subscription?.close();
    this.following = undefined;
  }

  private follow(): Following {
    let isBegun = (): void => undefined;
    let isNotBegun = (_error: unknown): void => undefined;
    const begun = new Promise<void>((resolve, reject) => {
      isBegun = resolve;
      isNotBegun = reject;
    });
    const following: Following = { begun };
    this.run(following, isBegun).catch((error: unknown) => {
      isNotBegun(error);
      if (this.following !== following) return;
      // All that listen are told; who comes next subscribes again.
      this.following = undefined;
      for (const tails of this.tails.values()) for (const tail of tails) tail.fail(error);
    });
    return following;
  }

  private handOn(event: RecordedEvent): void {
    const tails = this.tails.get(event.stream);
    if (tails === undefined) return;
    const bytes = Buffer.byteLength(event.data) + Buffer.byteLength(event.metadata);
    for (const tail of tails) tail.push(event, bytes);
  }

  private async run(following: Following, isBegun: () => void): Promise<void> {
    const after = await this.store.lastPosition();
    const subscription = this.store.subscribe({
      streamPrefixes: [journalPrefix],
      gatherMs: hubGatherMs,
      ...(after === undefined ? {} : { after }),
    });
    following.subscription = subscription;
    isBegun();
    if (this.following !== following) {
      await subscription.close();
      return;
    }
    for await (const batch of subscription) {
      for (const event of batch) this.handOn(event);
    }
    throw new StoreUnavailable('the event store was closed');
  }
}
