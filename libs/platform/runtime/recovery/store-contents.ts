import { wholeStream } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';

/** What the store has of a stream, as far as it tells what it does not have. */
export interface StoreContents {
  readonly eventIds: ReadonlySet<string>;
  readonly idempotencyKeys: ReadonlySet<string>;
}

/** Reads the whole stream. @param end its last revision; -1: it is not there, and can't be read */
export async function readContents(store: EventStore, stream: string, end: number): Promise<StoreContents> {
  const eventIds = new Set<string>();
  const idempotencyKeys = new Set<string>();
  if (end < 0) return { eventIds, idempotencyKeys };
  for await (const { id, metadata } of wholeStream(store, stream)) {
    eventIds.add(id);
    const { idempotencyKey } = JSON.parse(metadata) as { readonly idempotencyKey?: string };
    if (idempotencyKey !== undefined) idempotencyKeys.add(idempotencyKey);
  }
  return { eventIds, idempotencyKeys };
}
