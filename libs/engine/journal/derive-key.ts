import { hkdfSync } from 'node:crypto';

/** What a derived key is for, and its version: one label for each use, so that no key serves two. */
export type KeyLabel =
  | 'checkpoint/1'
  | 'command-transport/1'
  | 'api-key/1'
  | 'webhook-secret/1'
  | 'webhook-headers/1'
  | 'audit-signing-key/1'
  | 'request-hash/1'
  | 'subject-key/1'
  | 'subject-id/1'
  | 'personal-lookup/1';

/**
 * A key of `bytes` bytes for one purpose, from the installation's pepper: HKDF-SHA256 (RFC 5869) without a salt,
 * the label as its `info`. The pepper has 32 random bytes at least (`API_KEY_PEPPER`, or the file that the first
 * start makes).
 */
export function deriveKey(pepper: string, label: KeyLabel, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', pepper, '', label, bytes));
}
