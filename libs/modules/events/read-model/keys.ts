import { hash } from 'node:crypto';
import { BoundedMap } from '@fintech-ledger/contract';
import { streamNumber } from '@fintech-ledger/envelope';

const keysMax = 100_000;
const keys = new BoundedMap<string, number>(keysMax);
const organizations = new BoundedMap<string, string>(keysMax);
/** Bits of a key behind those that ids of its stream have. */
const more = 13;

/** 53 bits that tell streams apart: first those that are in ids, so that an id leads to the key. */
export function streamKey(stream: string): number {
  const known = keys.get(stream);
  if (known !== undefined) return known;
  const rest = Number.parseInt(hash('sha256', stream, 'hex').slice(10, 14), 16) >> (16 - more);
  const key = streamNumber(stream) * 2 ** more + rest;
  keys.set(stream, key);
  return key;
}

/** The first and the last key of streams whose ids have this number. */
export function streamKeysOf(number: number): readonly [first: number, last: number] {
  return [number * 2 ** more, (number + 1) * 2 ** more - 1];
}

/** 128 bits of SHA-256, hex. */
export function organizationKey(organizationId: string): string {
  const known = organizations.get(organizationId);
  if (known !== undefined) return known;
  const key = hash('sha256', organizationId, 'hex').slice(0, 32);
  organizations.set(organizationId, key);
  return key;
}
