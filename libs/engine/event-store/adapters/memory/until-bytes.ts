import type { RecordedEvent } from '../../port';

/** The events up to and including the one with which data and metadata pass this many bytes. */
export function untilBytes(events: readonly RecordedEvent[], bytesMax: number): readonly RecordedEvent[] {
  let bytes = 0;
  const end = events.findIndex(({ data, metadata }) => {
    bytes += Buffer.byteLength(data) + Buffer.byteLength(metadata);
    return bytes > bytesMax;
  });
  return end === -1 ? events : events.slice(0, end + 1);
}
