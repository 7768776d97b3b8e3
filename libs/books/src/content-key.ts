import { hash } from 'node:crypto';
import type { CsvPosting } from './csv-posting';

/**
 * The idempotency key of a transaction, from what it says: time, description, reference and postings, but not its number in the
 * file, because that shifts when the book is edited. `occurrence` tells apart transactions of one file that say the same, from 0.
 */
export function contentKey(postings: readonly CsvPosting[], occurrence: number): string {
  return importKey(`csv\n${occurrence}\n${contentText(postings)}`);
}

/** The text by which two transactions are the same. */
export function contentText(postings: readonly CsvPosting[]): string {
  return JSON.stringify(
    postings.map((p) => [
      p.effectiveAt,
      p.account,
      p.type,
      `${p.amount.digits}e-${p.amount.decimals}`,
      p.unit,
      p.description,
      p.reference,
    ]),
  );
}

/** Fits `Idempotency-Key`, and never meets a client's by accident. */
export function importKey(text: string): string {
  return `import-${hash('sha256', text, 'hex')}`;
}
