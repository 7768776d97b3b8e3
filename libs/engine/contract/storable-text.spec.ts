import fc from 'fast-check';
import { isStorable, shortened, storableValue } from './storable-text';

const halves = fc.constantFrom('\ud83d', '\ude00', '\0', '😀', 'a', '\\ud83d', ' ');
const texts = fc.array(halves, { maxLength: 12 }).map((parts) => parts.join(''));

describe('texts that can be stored', () => {
  it('have neither U+0000 nor half of a surrogate pair', () => {
    for (const text of ['', 'a', '😀', '\\ud83d', '\ufffd', '\u0001']) expect(isStorable(text)).toBe(true);
    for (const text of ['\0', 'a\ud83d', '\ude00\ud83d']) expect(isStorable(text)).toBe(false);
  });

  it('are put in the place of those that can not, and nothing else is changed', () => {
    const kept = { a: ['\\ud83d', 1, null, true], b: { c: '😀' } };
    expect(storableValue(kept, JSON.stringify(kept))).toEqual(kept);
    const broken = { a: ['x\ud83d', '\0'], ['\ude00']: 'y' };
    expect(storableValue(broken, JSON.stringify(broken))).toEqual({
      a: ['x\ufffd', '\ufffd'],
      '\ufffd': 'y',
    });
    const plain = { a: 'ä' };
    expect(storableValue(plain, JSON.stringify(plain))).toBe(plain);
  });

  it('are what any JSON value has afterwards', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ text: texts })), (value) => {
        const now = storableValue(value, JSON.stringify(value));
        expect(now.every(({ text }) => isStorable(text))).toBe(true);
        expect(now).toEqual(value.map(({ text }) => ({ text: text.replace(/[\0\p{Cs}]/gu, '\ufffd') })));
      }),
    );
  });

  it('are never cut in the middle of a character', () => {
    expect(shortened(`${'a'.repeat(63)}😀`, 64)).toBe('a'.repeat(63));
    expect(shortened(`${'a'.repeat(62)}😀b`, 64)).toBe(`${'a'.repeat(62)}😀`);
    expect(shortened('  ab c', 3)).toBe('ab');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, max) => {
        const short = shortened(text, max);
        expect(isStorable(short.replaceAll('\0', ''))).toBe(true);
        expect(short.length).toBeLessThanOrEqual(max);
        expect(text.trim().startsWith(short)).toBe(true);
      }),
    );
  });
});
