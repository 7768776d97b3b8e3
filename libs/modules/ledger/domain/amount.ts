import { amountDigitsMax } from './limits';

const amountPattern = new RegExp(`^[1-9][0-9]{0,${amountDigitsMax - 1}}$`);
const signedPattern = new RegExp(`^(?:0|-?[1-9][0-9]{0,${amountDigitsMax - 1}})$`);

/** An amount above zero in minor units from its text: 1 to 36 digits, no sign, no leading zero. Undefined when it is not one. */
export function parseAmount(text: unknown): bigint | undefined {
  return typeof text === 'string' && amountPattern.test(text) ? BigInt(text) : undefined;
}

/** A balance or bound in minor units: as an amount, but zero and a leading minus are allowed. */
export function parseSigned(text: unknown): bigint | undefined {
  return typeof text === 'string' && signedPattern.test(text) ? BigInt(text) : undefined;
}
