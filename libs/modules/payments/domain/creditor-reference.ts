import { modulo97 } from './iban';

/*
 * Structured creditor references, ISO 11649: RF, two check digits (ISO 7064, modulo 97), and up to 21 letters and
 * digits. Payers write them with spaces, and banks without.
 */

const shape = /^RF[0-9]{2}[A-Z0-9]{1,21}$/;

/** @param own 1 to 21 of A-Z, 0-9: what the creditor tells it by @throws Error it is none of these */
export function creditorReference(own: string): string {
  const check = String(98n - modulo97(`${own}RF00`)).padStart(2, '0');
  const reference = `RF${check}${own}`;
  if (!shape.test(reference)) throw new Error(`${own} is no reference of a creditor`);
  return reference;
}

/** Without spaces, in capital letters: the form in which it is kept and compared. */
export const plainReference = (text: string): string => text.replaceAll(/\s/g, '').toUpperCase();

/** Whether the check digits hold. @param reference in its plain form */
export const isCreditorReference = (reference: string): boolean =>
  shape.test(reference) && modulo97(reference.slice(4) + reference.slice(0, 4)) === 1n;

/** In groups of four, as it is printed. */
export const printedReference = (reference: string): string => reference.replaceAll(/(.{4})(?=.)/g, '$1 ');

/** How many characters of a text are looked through. */
const lookedThrough = 1_000;

/**
 * The references whose check digits hold in a text that a payer wrote, wherever spaces are and whatever stands around.
 * @param length of references, where they have one: a text without spaces is then cut at the right place
 */
export function referencesIn(text: string, length: number): readonly string[] {
  const plain = plainReference(text.slice(0, lookedThrough));
  const found = new Set<string>();
  for (let at = plain.indexOf('RF'); at >= 0; at = plain.indexOf('RF', at + 1)) {
    const candidate = plain.slice(at, at + length);
    if (isCreditorReference(candidate)) found.add(candidate);
  }
  return [...found];
}
