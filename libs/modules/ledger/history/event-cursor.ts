import { InvalidCursor } from '@fintech-ledger/projection-runtime';

/** A place in a ledger's events, as lists give it out. */
export function eventCursor(nextRevision: number): string {
  return Buffer.from(`r${nextRevision}`).toString('base64url');
}

/** @throws InvalidCursor */
export function parseEventCursor(cursor: string): number {
  const [, digits] =
    /^r(0|[1-9][0-9]{0,14})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  // Only the very text that was given out: base64 has many spellings.
  if (digits === undefined || eventCursor(Number(digits)) !== cursor)
    throw new InvalidCursor('not a cursor of events');
  return Number(digits);
}
