import { anyObject, constant, named, nullable, object, page, text, whole } from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';

const hash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

export const eventShape = named(
  'Event',
  'An event of the journal, as it was written.',
  object({
    id: text('The id of the event.', '0198a8a5-64f4-7c3e-9d2b-5a3c61d10f42'),
    object: constant('event'),
    type: text('Its type; the folder `schemas` has the JSON Schema of each.', 'LedgerCreated'),
    stream: text('The stream that it is in.', 'journal-led_1'),
    revision: whole('Where it is in the stream, from 0.', 0),
    hash: nullable(
      text(
        'The `hash` of the metadata; null: it is not in its place there, so the event does not hold.',
        hash,
      ),
      'value',
    ),
    previous_hash: nullable(text('The hash of the event before; null likewise.', hash), 'value'),
    data: anyObject<object>('The data, byte for byte as they were written.', {}),
    metadata: anyObject<object>('The metadata, byte for byte as they were written.', { hash }),
  }),
);
export const eventPage = page(eventShape);
export type EventView = ViewOf<typeof eventShape>;
