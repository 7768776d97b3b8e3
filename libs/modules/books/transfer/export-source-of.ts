import type { ExportSource } from '@fintech-ledger/books/formats';
import { exportBatchEvents } from '@fintech-ledger/books/formats';
import { journalStream } from '@fintech-ledger/envelope';
import { revision } from '@fintech-ledger/event-store';
import { minPositionWaitMs, ReadModelBehind } from '@fintech-ledger/projection-runtime';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BooksDeps } from './books-of-ledger';

const headPollMs = 100;

/**
 * A ledger as an export reads it: its events, up to the last one that is there now.
 * @param minRevision waits until it is there: a store that is a follower may be behind
 * @throws StoreUnavailable · ReadModelBehind it did not get there in time
 */
export async function exportSourceOf(
  { store, organizations }: BooksDeps,
  { id, name, managed }: ExportSource['ledger'],
  organizationId: string,
  minRevision: number,
): Promise<ExportSource> {
  const stream = journalStream(id);
  const last = await headFrom(store, stream, minRevision);
  return {
    ledger: { id, name, managed },
    revision: last,
    async *events() {
      for (let from = 0; from <= last;) {
        const limit = Math.min(exportBatchEvents, last - from + 1);
        const events = await store.readStream(stream, { from: revision(from), limit });
        if (events.length === 0) throw new Error(`${stream} ends at ${from}, before ${last}`);
        yield* events;
        from += events.length;
      }
    },
    unit: (code) => organizations.unit(organizationId, code),
  };
}

async function headFrom(store: BooksDeps['store'], stream: string, minRevision: number): Promise<number> {
  for (const deadline = performance.now() + minPositionWaitMs; ; await sleep(headPollMs)) {
    const [head] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
    const last = head?.revision ?? -1;
    if (last >= minRevision) return last;
    if (performance.now() >= deadline)
      throw new ReadModelBehind(1, `The event store is at ${last}, not at ${minRevision} yet.`);
  }
}
