import { isStorable } from '@fintech-ledger/contract';
import { pointer } from '../validation/violations';

/**
 * Where a parsed JSON value holds such a text: a JSON pointer (RFC 6901). For a name, that of the object that has it: a
 * pointer to the member would repeat what many clients can't read.
 */
export function brokenStringIn(value: unknown): string | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : '';
  if (typeof value !== 'object' || value === null) return undefined;
  for (const name of Object.keys(value)) {
    if (!isStorable(name)) return '';
    const inside = brokenStringIn((value as Readonly<Record<string, unknown>>)[name]);
    if (inside !== undefined) return `${pointer('', name)}${inside}`;
  }
  return undefined;
}
