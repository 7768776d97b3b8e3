import { deriveKey } from '@fintech-ledger/journal';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const cipher = 'aes-256-gcm';
const [nonceBytes, tagBytes] = [12, 16];
const version = '1.';

export type Headers = Readonly<Record<string, string>>;

/** What was sealed can't be opened: it was changed, belongs to another endpoint, or has another pepper. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/** Encrypts headers for the database, with a key that follows from the pepper. They open under this reference alone. */
export function sealHeaders(pepper: string, headers: Headers, ref: string): string {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, keyFrom(pepper), nonce, { authTagLength: tagBytes });
  sealing.setAAD(Buffer.from(ref, 'utf8'));
  const parts = [
    nonce,
    sealing.update(JSON.stringify(headers), 'utf8'),
    sealing.final(),
    sealing.getAuthTag(),
  ];
  return version + Buffer.concat(parts).toString('base64url');
}

/** @throws SealBroken */
export function openHeaders(pepper: string, sealed: string, ref: string): Headers {
  const bytes = Buffer.from(sealed.slice(version.length), 'base64url');
  if (!sealed.startsWith(version) || bytes.length < nonceBytes + tagBytes)
    throw new SealBroken('These are no sealed headers.');
  const opening = createDecipheriv(cipher, keyFrom(pepper), bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  opening.setAAD(Buffer.from(ref, 'utf8'));
  opening.setAuthTag(bytes.subarray(-tagBytes));
  try {
    const opened = Buffer.concat([opening.update(bytes.subarray(nonceBytes, -tagBytes)), opening.final()]);
    return JSON.parse(opened.toString('utf8')) as Headers;
  } catch {
    throw new SealBroken('The headers were changed, belong to another endpoint, or have another key.');
  }
}

const keyFrom = (pepper: string): Buffer => deriveKey(pepper, 'webhook-headers/1', 32);
