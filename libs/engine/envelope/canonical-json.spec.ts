import fc from 'fast-check';
import { canonicalJson } from './canonical-json';

describe('canonicalJson', () => {
  it('sorts keys by UTF-16 code units (RFC 8785, 3.2.3)', () => {
    expect(
      canonicalJson({
        '\u20ac': 1,
        '\r': 2,
        '\ufb33': 3,
        '1': 4,
        '\ud83d\ude00': 5,
        '\u0080': 6,
        '\u00f6': 7,
      }),
    ).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
  });

  it('writes numbers and strings as ECMAScript does (RFC 8785, 3.2.2)', () => {
    expect(canonicalJson([Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27, '\u000f\n"\\'])).toBe(
      '[333333333.3333333,1e+30,4.5,0.002,1e-27,"\\u000f\\n\\"\\\\"]',
    );
  });

  it('refuses what JSON cannot hold', () => {
    expect(() => canonicalJson({ a: 1n })).toThrow(TypeError);
    expect(() => canonicalJson(Number.NaN)).toThrow(TypeError);
  });

  it('is the same for every order of keys, and parses back', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const shuffled = Object.fromEntries(Object.entries(object).reverse());
        expect(canonicalJson(shuffled)).toBe(canonicalJson(object));
        expect(JSON.parse(canonicalJson(object))).toEqual(JSON.parse(JSON.stringify(object)));
      }),
    );
  });

  it('says what sorting each object by hand does, whatever the names are', () => {
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom('__proto__', 'toJSON', '10', '9', '1a', 'a', 'b', 'B'),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, fc.jsonValue({ maxDepth: 0 }), tie('list'), tie('object')),
      list: fc.array(tie('value'), { maxLength: 4 }),
      object: fc
        .array(fc.tuple(name, tie('value')), { maxLength: 6 })
        .map((members) => JSON.parse(`{${members.map(written).join()}}`) as unknown),
    }));
    fc.assert(fc.property(value, (any) => expect(canonicalJson(any)).toBe(byHand(any))));
  });

  it('leaves out what is undefined, and takes no form of a class', () => {
    const date = new Date(0);
    expect(canonicalJson({ b: undefined, a: [undefined, date], c: { z: 1, date } })).toBe(
      '{"a":[null,{}],"c":{"date":{},"z":1}}',
    );
  });
});

const written = ([name, value]: [string, unknown]): string =>
  `${JSON.stringify(name)}:${JSON.stringify(value)}`;

function byHand(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(byHand).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, of]) => `${JSON.stringify(name)}:${byHand(of)}`).join()}}`;
}
