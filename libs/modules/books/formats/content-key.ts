import { hash } from 'node:crypto';
import { addressesOf } from './address';
import type { CsvPosting } from './csv-posting';
import { unitCode } from './unit-codes';

/**
 * The idempotency key under which an import books something. A client's key is printable ASCII, so no client can use one of these, neither to
 * pretend that something was imported nor to keep it from being imported.
 * `earlier`: the keys under which the first releases booked the same. They are in the reach of clients, so they are only looked for.
 */
export interface ImportKey {
  readonly key: string;
  readonly earlier: readonly string[];
}

const prefix = '\u00a7import-';
const earlierPrefix = 'import-';

/** The key of what this text says. */
export function importKey(text: string): string {
  return `${prefix}${hash('sha256', text, 'hex')}`;
}

/** As the first releases made it. */
export function earlierImportKey(text: string): string {
  return `${earlierPrefix}${hash('sha256', text, 'hex')}`;
}

/** The key that goes with the hash of a request of the first releases' imports. */
export function earlierKeyOf(requestHash: string | undefined): string | undefined {
  return requestHash === undefined ? undefined : `${earlierPrefix}${requestHash}`;
}

/** Whether an event with this idempotency key was booked by an import: surely, as far as the first releases tell, or not. */
export function importOrigin(
  idempotencyKey: string | undefined,
  requestHash: string | undefined,
): 'import' | 'perhaps' | 'other' {
  if (idempotencyKey?.startsWith(prefix) === true) return 'import';
  return idempotencyKey !== undefined && idempotencyKey === earlierKeyOf(requestHash) ? 'perhaps' : 'other';
}

/** What an import books under the same text in all releases. */
export function sameInAllReleases(text: string): ImportKey {
  return { key: importKey(text), earlier: [earlierImportKey(text)] };
}

/**
 * The idempotency key of a transaction, from what it says: time and postings with their descriptions and references, in any order, but not its
 * number in the file, because that shifts when the book is edited. `occurrence` tells apart transactions that say the same, from 0.
 */
export function contentKey(text: string, occurrence: number): string {
  return importKey(`csv\n${occurrence}\n${text}`);
}

/** The text by which two transactions are the same. Addresses that the names of accounts lead to say nothing more. */
export function contentText(postings: readonly CsvPosting[]): string {
  const said = postings.map((p) => {
    const text = [p.effectiveAt, p.account, amountText(p), unitCode(p.unit), p.description, p.reference];
    return JSON.stringify(isElsewhere(p) ? [...text, p.address] : text);
  });
  return said.sort().join('\n');
}

/** Whether the file books it where its account's name would not. */
function isElsewhere({ account: name, address, unit }: CsvPosting): boolean {
  return address !== null && !addressesOf({ address: null, name, code: unitCode(unit) }).includes(address);
}

export function earlierContentKey(text: string, occurrence: number): string {
  return earlierImportKey(`csv\n${occurrence}\n${text}`);
}

/** The texts by which the first releases may have known a transaction: the order of its postings counted. */
export function earlierContentTexts(postings: readonly CsvPosting[]): readonly string[] {
  const swapped = postings.length === 2 ? [postings.toReversed()] : [];
  return [...new Set([postings, ...swapped].map(earlierContentText))];
}

function earlierContentText(postings: readonly CsvPosting[]): string {
  return JSON.stringify(
    postings.map((p) => [
      p.effectiveAt,
      p.account,
      p.type,
      amountText(p.earlier ?? p),
      p.earlier?.unit ?? p.unit,
      p.description,
      p.reference,
    ]),
  );
}

function amountText({ amount }: Pick<CsvPosting, 'amount'>): string {
  return `${amount.digits}e-${amount.decimals}`;
}
