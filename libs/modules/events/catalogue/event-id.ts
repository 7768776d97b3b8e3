import { hash } from 'node:crypto';
import { base32, birthOf, timeSortableId } from '@fintech-ledger/envelope';
import type { Birth } from '@fintech-ledger/envelope';

const prefix = 'evt';
const markLength = 4;
const marks = new Map<string, string>();

/**
 * The id of a public event: where its event is, as all ids say it (docs/decisions/0006), and which of the public events
 * of that one it is. The same for ever, and found without an index.
 */
export function eventId(type: string, recordedMs: number, revision: number, stream: string): string {
  return timeSortableId(prefix, recordedMs, revision, stream) + typeMark(type);
}

/** What an id says; undefined when it is not one of a public event. */
export function placeInEventId(id: string): (Birth & { readonly mark: string }) | undefined {
  if (!id.startsWith(`${prefix}_`)) return undefined;
  const birth = birthOf(id.slice(0, -markLength));
  return birth === undefined ? undefined : { ...birth, mark: id.slice(-markLength) };
}

/** 20 bits of a type's name. */
export function typeMark(type: string): string {
  const known = marks.get(type);
  if (known !== undefined) return known;
  const mark = base32(Number.parseInt(hash('sha256', type, 'hex').slice(0, 5), 16), markLength);
  marks.set(type, mark);
  return mark;
}
