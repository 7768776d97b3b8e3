import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const cipher = 'aes-256-gcm';
export const sealNonceBytes = 12;
const tagBytes = 16;

/** What was sealed can't be opened: it was changed, belongs elsewhere, or has another key. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/**
 * Encrypts bytes (AES-256-GCM): nonce, ciphertext and tag, one after the other. They open under this key and this
 * reference alone.
 * @param nonce 12 bytes, never the same for two texts under one key. Absent: random ones
 */
export function seal(
  key: Buffer,
  plain: Buffer | string,
  ref: string,
  nonce: Buffer = randomBytes(sealNonceBytes),
): Buffer {
  const sealing = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes });
  sealing.setAAD(Buffer.from(ref, 'utf8'));
  const bytes = typeof plain === 'string' ? Buffer.from(plain, 'utf8') : plain;
  return Buffer.concat([nonce, sealing.update(bytes), sealing.final(), sealing.getAuthTag()]);
}

/** What `seal` was given. @throws SealBroken */
export function unseal(key: Buffer, sealed: Buffer, ref: string): Buffer {
  if (sealed.length < sealNonceBytes + tagBytes) throw new SealBroken('It is too short to be sealed.');
  try {
    const opening = createDecipheriv(cipher, key, sealed.subarray(0, sealNonceBytes), {
      authTagLength: tagBytes,
    });
    opening.setAAD(Buffer.from(ref, 'utf8'));
    opening.setAuthTag(sealed.subarray(-tagBytes));
    return Buffer.concat([opening.update(sealed.subarray(sealNonceBytes, -tagBytes)), opening.final()]);
  } catch (cause) {
    throw new SealBroken('It was changed, belongs elsewhere, or has another key.', { cause });
  }
}
