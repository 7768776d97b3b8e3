import { createHash } from 'node:crypto';
import { canonicalJson } from '@fintech-ledger/envelope';

// A frozen record can't change, so its text is made once: states are hashed after every command of a random history.
const texts = new WeakMap<object, string>();

/** SHA-256 (hex) of a state's records in canonical JSON; the order in which they were set does not matter. */
export function stateHash(records: ReadonlyMap<string, object>): string {
  const hash = createHash('sha256');
  for (const key of [...records.keys()].sort()) hash.update(`${key} ${textOf(records.get(key) ?? {})}\n`);
  return hash.digest('hex');
}

function textOf(record: object): string {
  const known = texts.get(record);
  if (known !== undefined) return known;
  const plain = JSON.stringify(record, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  const text = canonicalJson(JSON.parse(plain));
  if (Object.isFrozen(record)) texts.set(record, text);
  return text;
}
