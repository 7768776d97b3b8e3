import { storableValue } from '@fintech-ledger/contract';
import { canonicalJson } from '@fintech-ledger/envelope';

/**
 * The text of an event's data. What clients send is storable before it comes here. A rail's answer, or a text that was
 * cut, may not be.
 */
export function storableJson(data: object): string {
  const text = canonicalJson(data);
  const storable = storableValue(data, text);
  return storable === data ? text : canonicalJson(storable);
}
