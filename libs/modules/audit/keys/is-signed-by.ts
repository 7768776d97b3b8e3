import { canonicalJson } from '@fintech-ledger/envelope';
import { createPublicKey, verify } from 'node:crypto';

/** In front of the 32 bytes of a public Ed25519 key in its SPKI form (RFC 8410). */
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');

/** Whether a signature is by this key over the canonical JSON (RFC 8785) of a value. All but the value is base64. */
export function isSignedBy(publicKey: string, signature: string, value: object): boolean {
  const der = Buffer.concat([spkiHead, Buffer.from(publicKey, 'base64')]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return verify(null, Buffer.from(canonicalJson(value), 'utf8'), key, Buffer.from(signature, 'base64'));
}
