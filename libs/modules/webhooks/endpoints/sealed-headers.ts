import { deriveKey, seal, SealBroken, unseal } from '@fintech-ledger/journal';

const version = '1.';

export type Headers = Readonly<Record<string, string>>;

/** Encrypts headers for the database, with a key that follows from the pepper. They open under this reference alone. */
export function sealHeaders(pepper: string, headers: Headers, ref: string): string {
  return version + seal(keyFrom(pepper), JSON.stringify(headers), ref).toString('base64url');
}

/** @throws SealBroken */
export function openHeaders(pepper: string, sealed: string, ref: string): Headers {
  if (!sealed.startsWith(version)) throw new SealBroken('These are no sealed headers.');
  const opened = unseal(keyFrom(pepper), Buffer.from(sealed.slice(version.length), 'base64url'), ref);
  return JSON.parse(opened.toString('utf8')) as Headers;
}

const keyFrom = (pepper: string): Buffer => deriveKey(pepper, 'webhook-headers/1', 32);
