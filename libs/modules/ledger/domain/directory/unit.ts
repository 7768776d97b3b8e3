/** What may stand where a currency code stands. */
export const unitCodePattern = /^[A-Z][A-Z0-9._-]{0,23}$/;
export const unitCodeLengthMax = 24;
export const exponentMax = 18;

export function isUnitCode(text: string): boolean {
  return unitCodePattern.test(text);
}

/** Digits after the decimal point: a whole number from 0 to 18. */
export function isExponent(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= exponentMax;
}
