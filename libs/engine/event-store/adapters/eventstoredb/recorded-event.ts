import type { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { revision } from '../../port';
import type { RecordedEvent } from '../../port';
import { formatPosition } from './position';
import type { LogPosition } from './position';
import { uuidText } from './uuid-text';

/** @returns undefined for an answer that is no event */
export function recordedEvent(
  response: ReadResp,
): { readonly event: RecordedEvent; readonly position: LogPosition } | undefined {
  const record = response.getEvent()?.getEvent();
  if (record === undefined) return undefined;
  const position = { commit: record.getCommitPosition(), prepare: record.getPreparePosition() };
  const event = {
    id: uuidText(record.getId()),
    type: record.getMetadataMap().get('type') ?? '',
    data: text(record.getData()),
    metadata: text(record.getCustomMetadata()),
    stream: text(record.getStreamIdentifier()?.getStreamName() ?? ''),
    revision: revision(Number(record.getStreamRevision())),
    position: formatPosition(position),
  };
  return { event, position };
}

/** What was read from the wire is bytes; what was set in this process may be base64. */
function text(bytes: Uint8Array | string): string {
  if (typeof bytes === 'string') return Buffer.from(bytes, 'base64').toString('utf8');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
