import type { ExportSource } from '@fintech-ledger/books/formats';
import { exportBatchEvents } from '@fintech-ledger/books/formats';
import { journalStream } from '@fintech-ledger/envelope';
import { revision } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { mayBeSealed } from '@fintech-ledger/http';
import { sourceWaits } from '@fintech-ledger/projection-runtime';
import type { BooksDeps } from './books-of-ledger';

/** Events whose keys are asked for in one statement. */
const openedTogether = 100;

/**
 * A ledger as an export reads it: its events, up to the last one that is there now.
 * @param minRevision waits until it is there: a store that is a follower may be behind
 * @param isProven whether a proof bundle can be made of it
 * @throws StoreUnavailable · ReadModelBehind it did not get there in time
 */
export async function exportSourceOf(
  { store, organizations, proofs, metadata }: BooksDeps,
  { id, name, managed }: ExportSource['ledger'],
  organizationId: string,
  minRevision: number,
  isProven: boolean,
): Promise<ExportSource> {
  const stream = journalStream(id);
  const last = await sourceWaits.until(
    () => headOf(store, stream),
    (head) => head,
    { owner: id, revision: minRevision, what: 'The journal has' },
  );
  const events = () => eventsOf(store, stream, last);
  const read = isProven ? await proofs.over(organizationId, id, events) : { events };
  return {
    ...read,
    ledger: { id, name, managed },
    revision: last,
    // What is proven is read as it was written.
    events: () => opened(read.events(), metadata, organizationId),
    unit: (code) => organizations.unit(organizationId, code),
  };
}

/** The same events with values of data subjects as they are shown. */
async function* opened(
  events: AsyncIterable<RecordedEvent>,
  metadata: BooksDeps['metadata'],
  organizationId: string,
): AsyncGenerator<RecordedEvent> {
  let sealed: RecordedEvent[] = [];
  const flush = async function* (): AsyncGenerator<RecordedEvent> {
    // Texts of JSON have no line breaks.
    const texts = (await metadata.openAll(organizationId, sealed.map(({ data }) => data).join('\n'))).split(
      '\n',
    );
    for (const [at, event] of sealed.entries()) yield { ...event, data: texts[at] ?? event.data };
    sealed = [];
  };
  for await (const event of events) {
    if (sealed.length === 0 && !mayBeSealed(event.data)) yield event;
    else if (sealed.push(event) >= openedTogether) yield* flush();
  }
  if (sealed.length > 0) yield* flush();
}

async function* eventsOf(
  store: BooksDeps['store'],
  stream: string,
  last: number,
): AsyncGenerator<RecordedEvent> {
  for (let from = 0; from <= last;) {
    const limit = Math.min(exportBatchEvents, last - from + 1);
    const events = await store.readStream(stream, { from: revision(from), limit });
    if (events.length === 0) throw new Error(`${stream} ends at ${from}, before ${last}`);
    yield* events;
    from += events.length;
  }
}

async function headOf(store: BooksDeps['store'], stream: string): Promise<number> {
  const [head] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
  return head?.revision ?? -1;
}
