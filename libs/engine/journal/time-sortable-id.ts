import { BoundedMap } from '@fintech-ledger/contract';
import { hash } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'; // Crockford's base 32: sorts as its numbers do
const timeChars = 10;
const revisionChars = 8;

/**
 * An id that sorts by time and says where it was born: `<prefix>_` + 48 bits of milliseconds + 40 bits of the stream's revision + 40 bits
 * that tell streams apart. The revision leads from a transaction to its event without an index.
 */
export function timeSortableId(prefix: string, timeMs: number, revision: number, stream: string): string {
  return `${prefix}_${encode(timeMs, timeChars)}${encode(revision, revisionChars)}${streamMark(stream)}`;
}

/** The revision inside of an id, or undefined when it is not an id of this stream. */
export function revisionInId(id: string, stream: string): number | undefined {
  const body = id.slice(id.indexOf('_') + 1);
  if (body.length !== timeChars + 2 * revisionChars || !body.endsWith(streamMark(stream))) return undefined;
  return decode(body.slice(timeChars, timeChars + revisionChars));
}

const marks = new BoundedMap<string, string>(10_000);

function streamMark(stream: string): string {
  const known = marks.get(stream);
  if (known !== undefined) return known;
  const mark = encode(Number.parseInt(hash('sha256', stream, 'hex').slice(0, 10), 16), revisionChars);
  marks.set(stream, mark);
  return mark;
}

function encode(value: number, chars: number): string {
  let rest = value;
  let text = '';
  for (let i = 0; i < chars; i += 1) {
    text = alphabet.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function decode(text: string): number | undefined {
  let value = 0;
  for (const char of text) {
    const digit = alphabet.indexOf(char);
    if (digit < 0) return undefined;
    value = value * 32 + digit;
  }
  return value;
}
