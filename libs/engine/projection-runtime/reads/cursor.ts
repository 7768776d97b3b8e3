import { InvalidCursor } from './queries';

export type CursorType = 'string' | 'number' | 'integer' | 'revision';

/**
 * A place in a list, opaque to clients: the list's kind and the sort key of the last row that was given out, as base64url of JSON.
 * A place stays where it is while rows are being added, so nothing is skipped or repeated.
 */
export function encodeCursor(kind: string, key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([kind, ...key])).toString('base64url');
}

/** The least number of each type, and the first that is too large: no revision is so large, and we may add to it. */
const ranges = { number: [-Infinity, Infinity], integer: [0, 2 ** 31], revision: [0, 1e15] } as const;

/**
 * The sort key of a cursor.
 * @param types `revision`: a number from 0 on; `integer`: from 0 to 2^31 - 1; `number`: any that is safe, as keys of
 * streams are
 * @throws InvalidCursor not one of ours, or of another list
 */
export function decodeCursor(
  kind: string,
  types: readonly CursorType[],
  cursor: string,
): readonly (string | number)[] {
  const [found, ...key] = parse(cursor);
  const fits =
    found === kind && key.length === types.length && key.every((value, i) => isOf(types[i], value));
  // Only the very text that was given out: base64 has many spellings, and a cursor that was touched is not ours.
  if (!fits || encodeCursor(kind, key as (string | number)[]) !== cursor || key.some(hasNul)) {
    throw new InvalidCursor('the cursor is not one that this list has given out');
  }
  return key as (string | number)[];
}

function isOf(type: CursorType | undefined, value: unknown): boolean {
  if (typeof value === 'string') return type === 'string';
  if (type === undefined || type === 'string' || !Number.isSafeInteger(value)) return false;
  const [least, tooLarge] = ranges[type];
  return (value as number) >= least && (value as number) < tooLarge;
}

function parse(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? (value as readonly unknown[]) : [];
  } catch {
    return [];
  }
}

const hasNul = (value: unknown): boolean => typeof value === 'string' && value.includes('\0');
