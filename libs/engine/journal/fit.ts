import type { EventToAppend } from '@fintech-ledger/event-store';
import { refuse } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import type { AppendRoom } from './append-room';
import type { SealedEvents } from './event-sealer';
import { bulkTooLarge } from './refusals';

type Room = AppendRoom['ofParts'];

export function isTooLarge({ bytes, events }: SealedEvents, room: Room): boolean {
  return bytes > room.commandBytesMax || events.length > room.commandEventsMax;
}

export function tooLarge({ bytes, events }: SealedEvents, room: Room): Refusal {
  const detail = `it makes ${events.length} events of ${bytes} bytes; at most ${room.commandEventsMax} of ${room.commandBytesMax} can be stored at once`;
  return refuse(bulkTooLarge, detail);
}

/** How many of the first events go into one batch. @param overheadBytes what the store counts of each in addition */
export function fitting(
  { events }: SealedEvents,
  { batchEventsMax, batchBytesMax }: Room,
  overheadBytes: number,
): number {
  const eventsMax = Math.min(batchEventsMax, events.length);
  let bytes = 0;
  for (let count = 0; count < eventsMax; count += 1) {
    const { data, metadata } = events[count] as EventToAppend;
    bytes += Buffer.byteLength(data) + Buffer.byteLength(metadata) + overheadBytes;
    if (bytes > batchBytesMax) return count;
  }
  return eventsMax;
}
