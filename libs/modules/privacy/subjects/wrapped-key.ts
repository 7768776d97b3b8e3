import { deriveKey, seal, SealBroken, unseal } from '@fintech-ledger/journal';
import { randomBytes } from 'node:crypto';
import type { KnownSubject } from './subject-keys';

/** Of a row `k`. Erased is who events say was erased, even where the table of keys is older than that. */
export const keyInForce = `case when exists (select from read.erasures e where e.subject_id = k.id) then null
                                else k.wrapped end`;

/** Keys of data subjects as the database has them: encrypted with a key that follows from the pepper. */
export class KeyWrapping {
  private readonly wrapping: Buffer;

  constructor(pepper: string) {
    this.wrapping = deriveKey(pepper, 'subject-key/1', 32);
  }

  /** A new key, which opens under this id alone. */
  newKey(id: string): { readonly key: Buffer; readonly wrapped: Buffer } {
    const key = randomBytes(32);
    return { key, wrapped: seal(this.wrapping, key, id) };
  }

  /** Lost: it was changed, or wrapped under another pepper. @param wrapped null: destroyed, or erased by an event */
  open(id: string, wrapped: Buffer | null): KnownSubject {
    if (wrapped === null) return { id, key: null };
    try {
      return { id, key: unseal(this.wrapping, wrapped, id) };
    } catch (error) {
      if (error instanceof SealBroken) return { id, key: undefined };
      throw error;
    }
  }
}
