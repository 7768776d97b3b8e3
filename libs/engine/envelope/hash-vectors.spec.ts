import { readFileSync } from 'node:fs';
import path from 'node:path';
import { hash } from 'node:crypto';
import { recomputeHash, verifyStoredHash } from './stored-hash';
import type { StoredEvent } from './stored-hash';

interface Vector {
  readonly name: string;
  readonly event: StoredEvent;
  /** The text whose SHA-256 is the hash. */
  readonly hashed: string;
  readonly hash: string;
  /** What is wrong with it, as the beginning of a sentence; null: it holds. */
  readonly fault: string | null;
}

const reference = path.resolve(__dirname, '../../../docs/reference');
const vectors = JSON.parse(readFileSync(path.join(reference, 'hash-vectors.json'), 'utf8')) as Vector[];

describe('the published vectors', () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    expect(hash('sha256', vector.hashed, 'hex')).toBe(vector.hash);
    expect(recomputeHash(vector.event)).toBe(vector.hash);
    const fault = verifyStoredHash(vector.event) ?? null;
    expect(fault === null ? null : fault.slice(0, vector.fault?.length)).toBe(vector.fault);
  });

  it('have some that hold and some that do not, and the page shows the first', () => {
    expect(vectors.filter(({ fault }) => fault === null).length).toBeGreaterThan(3);
    expect(vectors.filter(({ fault }) => fault !== null).length).toBeGreaterThan(5);
    const page = readFileSync(path.join(reference, 'hashes.md'), 'utf8');
    expect(page).toContain(vectors[0]?.hashed);
    expect(page).toContain(vectors[0]?.hash);
    expect(page).toContain(vectors[0]?.event.metadata);
  });
});
