import { revision } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';

/** What the store has of a stream, as far as it tells what it does not have. */
export interface StoreContents {
  readonly eventIds: ReadonlySet<string>;
  readonly idempotencyKeys: ReadonlySet<string>;
}

const pageEvents = 2_000;

/** Reads the whole stream. */
export async function readContents(store: EventStore, stream: string, end: number): Promise<StoreContents> {
  const eventIds = new Set<string>();
  const idempotencyKeys = new Set<string>();
  for (let from = 0; from <= end;) {
    const page = await store.readStream(stream, { from: revision(from), limit: pageEvents });
    const last = page.at(-1);
    if (last === undefined) break;
    for (const { id, metadata } of page) {
      eventIds.add(id);
      const { idempotencyKey } = JSON.parse(metadata) as { readonly idempotencyKey?: string };
      if (idempotencyKey !== undefined) idempotencyKeys.add(idempotencyKey);
    }
    from = last.revision + 1;
  }
  return { eventIds, idempotencyKeys };
}
