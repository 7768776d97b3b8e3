import { canonicalJson } from '@fintech-ledger/envelope';
import { sign } from 'node:crypto';
import type { SigningKey } from '../keys/audit-keys';
import type { TreeHead } from './audit-shapes';

/** What of a head is signed. */
export type HeadFacts = Pick<TreeHead, 'ledger' | 'root' | 'size' | 'time'>;

export function signHead({ keyId, privateKey }: SigningKey, facts: HeadFacts): TreeHead {
  return { ...facts, key_id: keyId, signature: signatureOf(privateKey, facts) };
}

/** Ed25519 over the canonical JSON (RFC 8785) of a value, base64. */
export function signatureOf(privateKey: SigningKey['privateKey'], value: object): string {
  return sign(null, Buffer.from(canonicalJson(value), 'utf8'), privateKey).toString('base64');
}
