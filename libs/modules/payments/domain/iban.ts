/** Without spaces, in capital letters: the form in which it is kept. */
export const plainIban = (text: string): string => text.replaceAll(' ', '').toUpperCase();

/** What ISO 7064 makes of a text by modulo 97: letters are numbers from 10 on. */
export const modulo97 = (text: string): bigint =>
  BigInt(text.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))) % 97n;

/** Whether the check digits of an IBAN hold (ISO 13616: modulo 97, ISO 7064). @param iban in its plain form */
export function isIban(iban: string): boolean {
  if (!/^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/.test(iban)) return false;
  return modulo97(iban.slice(4) + iban.slice(0, 4)) === 1n;
}
