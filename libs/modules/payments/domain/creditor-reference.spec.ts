import fc from 'fast-check';
import { creditorReference, isCreditorReference, printedReference, referencesIn } from './creditor-reference';

describe('a creditor reference', () => {
  it.each([
    ['539007547034', 'RF18539007547034'],
    ['000000000539007547034', 'RF18000000000539007547034'],
  ])('has the check digits of ISO 11649: %s', (own, reference) => {
    expect(creditorReference(own)).toBe(reference);
    expect(isCreditorReference(reference)).toBe(true);
  });

  it.each(['', 'abc', '0'.repeat(22), 'A B'])('is made of 1 to 21 letters and digits: "%s"', (own) => {
    expect(() => creditorReference(own)).toThrow();
  });

  const own = fc.stringMatching(/^[A-Z0-9]{1,21}$/);
  // A letter counts as two digits: one in the place of a digit, or a digit in the place of one, may not be noticed.
  it('does not hold when a letter is another letter, or a digit another digit', () => {
    fc.assert(
      fc.property(own, fc.nat(), fc.nat({ max: 25 }), (text, where, drawn) => {
        const reference = creditorReference(text);
        const at = 4 + (where % text.length);
        const isDigit = /[0-9]/.test(reference.charAt(at));
        const other = isDigit ? String(drawn % 10) : String.fromCharCode(65 + drawn);
        const changed = reference.slice(0, at) + other + reference.slice(at + 1);
        expect(isCreditorReference(changed)).toBe(changed === reference);
      }),
    );
  });

  it('is found in what a payer wrote, with spaces or without, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9]{16}$/), fc.string(), fc.string(), (text, before, after) => {
        const reference = creditorReference(text);
        for (const written of [reference, printedReference(reference), reference.toLowerCase()])
          expect(referencesIn(`${before.slice(0, 50)} ${written} ${after}`, 20)).toContain(reference);
      }),
    );
    expect(referencesIn('order 1001, thank you', 20)).toEqual([]);
  });
});
