import { hash } from 'node:crypto';

const accountKeys = new Map<string, string>();
const ledgerKeys = new Map<string, string>();
/** Keys kept in memory, each about 150 bytes; a hash costs a microsecond. */
const keysMax = 200_000;

/** `read.ledger_key` of the schema: 128 bits of SHA-256, hex. */
export function ledgerKey(ledgerId: string): string {
  return keyOf(ledgerKeys, ledgerId);
}

/** `read.account_key` of the schema. It contains the ledger: no query can reach a foreign ledger's account. */
export function accountKey(ledgerId: string, address: string): string {
  return keyOf(accountKeys, `${ledgerId}/${address}`);
}

function keyOf(cache: Map<string, string>, text: string): string {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const key = hash('sha256', text, 'hex').slice(0, 32);
  if (cache.size >= keysMax) cache.clear();
  cache.set(text, key);
  return key;
}
