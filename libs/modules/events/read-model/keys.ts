import { hash } from 'node:crypto';
import { remembered } from '@fintech-ledger/contract';
import { streamNumber } from '@fintech-ledger/envelope';

const keysMax = 100_000;
/** Bits of a key behind those that ids of its stream have. */
const more = 13;

/** 53 bits that tell streams apart: first those that are in ids, so that an id leads to the key. */
export const streamKey = remembered(keysMax, (stream: string): number => {
  const rest = Number.parseInt(hash('sha256', stream, 'hex').slice(10, 14), 16) >> (16 - more);
  return streamNumber(stream) * 2 ** more + rest;
});

/** The first and the last key of streams whose ids have this number. */
export function streamKeysOf(number: number): readonly [first: number, last: number] {
  return [number * 2 ** more, (number + 1) * 2 ** more - 1];
}

/** 128 bits of SHA-256, hex. */
export const organizationKey = remembered(keysMax, (organizationId: string): string =>
  hash('sha256', organizationId, 'hex').slice(0, 32),
);
