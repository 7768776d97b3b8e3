import { createHash } from 'node:crypto';
import { canonicalJson } from '@fintech-ledger/event-contracts';

/** SHA-256 (hex) of a state's records in canonical JSON; the order in which they were set does not matter. */
export function stateHash(records: ReadonlyMap<string, object>): string {
  const plain = JSON.stringify(Object.fromEntries(records), (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return createHash('sha256')
    .update(canonicalJson(JSON.parse(plain)))
    .digest('hex');
}
