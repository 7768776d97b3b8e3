import { remembered } from '@fintech-ledger/contract';
import { hash } from 'node:crypto';

const keysMax = 100_000;
/** Hexadecimal digits: 52 bits, which a number holds exactly. */
const digits = 13;

/** 52 bits that tell texts apart. */
export function keyOf(text: string): number {
  return Number.parseInt(hash('sha256', text, 'hex').slice(0, digits), 16);
}

/** The same of what comes again and again. */
export const knownKeyOf = remembered(keysMax, keyOf);
