import { createHash } from 'node:crypto';
import type { ReadLine } from '../camt053/entry-lines';

const ours = /\b(?:re|po|bsl)_[A-Za-z0-9]{1,64}\b/;
/** An id of ours that the line names: as its end-to-end id, or where a person wrote it. */
export function originIn({ endToEndId, remittance }: ReadLine): string | null {
  return ours.exec(endToEndId ?? '')?.[0] ?? ours.exec(remittance ?? '')?.[0] ?? null;
}

/** Of what is not personal. */
export function digestOf(lines: readonly ReadLine[]): string {
  const plain = lines.map(({ amountMinor, bankReference, bookedOn, direction, valueOn }) => [
    ...[String(amountMinor), bankReference, bookedOn, direction, valueOn],
  ]);
  return createHash('sha256').update(JSON.stringify(plain)).digest('hex');
}
