import { BoundedMap } from '@fintech-ledger/contract';
import { hash } from 'node:crypto';

const keysMax = 100_000;
const keys = new BoundedMap<string, number>(keysMax);
/** Hexadecimal digits: 52 bits, which a number holds exactly. */
const digits = 13;

/** 52 bits that tell texts apart. */
export function keyOf(text: string): number {
  return Number.parseInt(hash('sha256', text, 'hex').slice(0, digits), 16);
}

/** The same of what comes again and again. */
export function knownKeyOf(text: string): number {
  const known = keys.get(text);
  if (known !== undefined) return known;
  const key = keyOf(text);
  keys.set(text, key);
  return key;
}
