import type { ExportSource } from '@fintech-ledger/books/formats';
import { exportBatchEvents } from '@fintech-ledger/books/formats';
import { journalStream } from '@fintech-ledger/envelope';
import { revision } from '@fintech-ledger/event-store';
import type { BooksDeps } from './books-of-ledger';

/** A ledger as an export reads it: its events, up to the last one that is there now. @throws StoreUnavailable */
export async function exportSourceOf(
  { store, organizations }: BooksDeps,
  { id, name }: { readonly id: string; readonly name: string },
  organizationId: string,
): Promise<ExportSource> {
  const stream = journalStream(id);
  const [head] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
  const last = head?.revision ?? -1;
  return {
    ledger: { id, name },
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
