import fc from 'fast-check';
import { duplicateName } from './duplicate-name';

const find = (text: string) => duplicateName(text, JSON.parse(text));

describe('duplicateName', () => {
  it.each([
    ['{"a":1,"a":1}', 'a', '/a'],
    ['{"a":1,"b":{"c":[{"x":1},{"y":1,"y":2}]}}', 'y', '/b/c/1/y'],
    ['{"a":1,"\\u0061":2}', 'a', '/a'],
    ['{"__proto__":1,"__proto__":2}', '__proto__', '/__proto__'],
    ['{"metadata":{"__proto__":"x","\\u005f_proto__":"y"}}', '__proto__', '/metadata/__proto__'],
    ['[[],{"a/b~":{"":1,"":2}}]', '', '/1/a~1b~0/'],
    ['{"a:\\"{":"}:,","b":[1,2,{"a:\\"{":1}],"a:\\"{":2}', 'a:"{', '/a:"{'],
    [
      '{ "a" : 1 ,\n"hasOwnProperty":{"constructor":1, "constructor" :{}} }',
      'constructor',
      '/hasOwnProperty/constructor',
    ],
  ])('finds in %s', (text, name, pointer) => {
    expect(find(text)).toEqual({ name, pointer });
  });

  it('copes with any depth', () => {
    const deep = (inside: string): string => `${'['.repeat(30_000)}${inside}${']'.repeat(30_000)}`;
    expect(find(deep('{"a":1}'))).toBeUndefined();
    expect(find(deep('{"a":1,"a":1}'))?.name).toBe('a');
  });

  it('finds none in what any value is written as', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(find(text)).toBeUndefined();
      }),
    );
  });

  it('finds a member that is written twice, wherever it stands', () => {
    const members = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1 });
    const around = fc.array(fc.constantFrom('[', '{"x":', '[1,', '[{"y":"{"},'), { maxLength: 8 });
    fc.assert(
      fc.property(members, around, (object, opening) => {
        const pairs = Object.entries(object).map(
          ([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`,
        );
        const twice = `{${[...pairs, pairs[0]].join(', ')}}`;
        const closing = opening.map((text) => (text.startsWith('[') ? ']' : '}')).reverse();
        const text = [...opening, twice, ...closing].join('');
        expect(find(text)?.name).toBe(Object.keys(object)[0]);
      }),
    );
  });
});
