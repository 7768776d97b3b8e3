import { metadataText } from '@fintech-ledger/envelope';
import type { RecordedEvent } from '@fintech-ledger/event-store';

/** The JSON text of an event: data and metadata byte for byte as they were written, so that their hash can be checked. */
export function eventJson({ id, type, stream, revision, data, metadata }: RecordedEvent): string {
  const hash = metadataText(metadata, 'hash') ?? null;
  const previous_hash = metadataText(metadata, 'previousHash') ?? null;
  const head = JSON.stringify({ id, object: 'event', type, stream, revision, hash, previous_hash });
  return `${head.slice(0, -1)},"data":${data},"metadata":${metadata}}`;
}
