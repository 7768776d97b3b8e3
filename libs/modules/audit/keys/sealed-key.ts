import { randomId } from '@fintech-ledger/envelope';
import { deriveKey, seal, unseal } from '@fintech-ledger/journal';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** In front of the 32 bytes of a public Ed25519 key in its SPKI form (RFC 8410). */
const spkiHeadBytes = 12;

/** A signing key as the database has it. */
export interface SealedKey {
  readonly keyId: string;
  /** The raw 32 bytes, base64. */
  readonly publicKey: string;
  /** Its private half, encrypted; it opens under this id alone. */
  readonly sealed: string;
}

/** The private half of a signing key can't be opened: it was changed, or has another pepper. */
export class SigningKeyUnreadable extends Error {
  override readonly name = 'SigningKeyUnreadable';
}

/** A new Ed25519 key, sealed with a key that follows from the pepper, as other secrets of the installation are. */
export function newSealedKey(pepper: string): SealedKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const keyId = randomId('adk', Date.now());
  const privateBytes = privateKey.export({ format: 'der', type: 'pkcs8' });
  return {
    keyId,
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(spkiHeadBytes).toString('base64'),
    sealed: seal(keyFrom(pepper), privateBytes, keyId).toString('base64url'),
  };
}

/** @throws SigningKeyUnreadable */
export function openSealedKey(pepper: string, { keyId, sealed }: Omit<SealedKey, 'publicKey'>): KeyObject {
  try {
    const der = unseal(keyFrom(pepper), Buffer.from(sealed, 'base64url'), keyId);
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw new SigningKeyUnreadable(
      `The signing key ${keyId} can't be opened: it was changed, or the API key pepper is another one.`,
      { cause },
    );
  }
}

const keyFrom = (pepper: string): Buffer => deriveKey(pepper, 'audit-signing-key/1', 32);
