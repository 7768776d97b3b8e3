import { randomUUID } from 'node:crypto';
import type { LogReader } from '../log-reader';
import type { EventStore, EventToAppend, RecordedEvent, Subscription } from '../port';

/** An adapter under test. */
export interface ContractSubject {
  /** The store under test; the same for all tests, and left open. */
  store(): EventStore;
  /** The same store, where its log can be read. */
  readonly log?: () => LogReader;
  /** Another client of the same store, which the test closes. In memory it may be `undefined`. */
  openAnother(): Promise<EventStore> | undefined;
  /** Damages a stream in the store, behind the port's back; absent where that can't be done. */
  readonly damage?: {
    /** The events before this revision are not there any more. */
    cutOff(stream: string, before: number): Promise<void> | void;
    /** The stream is deleted; absent where a stream can't be. */
    remove?(stream: string): Promise<void> | void;
  };
}

/** A stream that no other test uses. */
export const freshStream = (prefix = 'journal-'): string => `${prefix}${randomUUID()}`;

/** Events numbered in `data`, with new ids. */
export function someEvents(count: number, from = 0): EventToAppend[] {
  return Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    type: 'TransactionPosted',
    data: `{"number":${from + index}}`,
    metadata: '{"actor":"key_1"}',
  }));
}

/** Everything but where it is, to compare what was stored with what was sent. */
export const contentOf = ({ id, type, data, metadata }: EventToAppend): EventToAppend => ({
  id,
  type,
  data,
  metadata,
});

/** The first `count` events of a subscription, flattened; closes it. */
export async function take(subscription: Subscription, count: number): Promise<RecordedEvent[]> {
  const taken: RecordedEvent[] = [];
  for await (const batch of subscription) {
    if (batch.length === 0) throw new Error('an empty batch');
    taken.push(...batch);
    if (taken.length >= count) break;
  }
  return taken;
}
