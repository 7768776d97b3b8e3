import { countryCodes } from '@fintech-ledger/contract';
import { compileDto } from './compile';
import { Described, Is } from './decorators';
import { countryRule, dayRule, nameRule } from './text-rules';

const birthDateRule = dayRule('birth_date');

@Described('Somebody.')
class SomebodyDto {
  @Is(nameRule, 'The name.')
  declare readonly name: string;

  @Is(countryRule, 'The country.')
  declare readonly country: string;

  @Is(birthDateRule, 'The day of birth.')
  declare readonly birth_date: string;
}
const somebody = { name: 'Zoë', country: 'DE', birth_date: '2000-02-29' };
const rules = { name: nameRule, country: countryRule, birth_date: birthDateRule };
type Field = keyof typeof rules;

describe.each<[Field, readonly string[], readonly string[]]>([
  [
    'name',
    ['x', 'Jenny Rosen', ' x', 'x ', '张伟', '👩\u200D👧', 'O\u2019Brien', 'x'.repeat(255), '\u200Fשרה'],
    [
      ...['', ' ', '  ', '\n', '\t', '\u0001', '\u00A0', '\u2003', '\u200B', '\u200E', '\u3164', '\uFEFF'],
      ...['Jenny\nRosen', 'Jenny\u0000', '\u001BJenny', 'Jenny\u0085', 'Jenny\u2028', 'x'.repeat(256)],
    ],
  ],
  ['country', ['DE', 'GB', 'SS', 'AX', 'XK'], ['ZZ', 'XX', 'EU', 'UK', 'AN', 'SU', 'de', 'DEU', '']],
  [
    'birth_date',
    ['2000-02-29', '1904-02-29', '1990-12-31', '2026-11-30'],
    ['2026-02-30', '1900-02-29', '2025-02-29', '1990-04-31', '1990-00-10', '1990-1-1', '1890-01-01', ''],
  ],
])('%s', (field, taken, refused) => {
  const compiled = compileDto(SomebodyDto);
  const bodyWith = (value: unknown): object => ({ ...somebody, [field]: value });

  it.each(taken)('may be %j', (value) => {
    expect(rules[field].accepts(value)).toBe(true);
    expect(compiled.accepts(bodyWith(value))).toBe(true);
  });

  it.each([...refused, null, 1])('may not be %j', (value) => {
    expect(rules[field].accepts(value)).toBe(false);
    expect(compiled.accepts(bodyWith(value))).toBe(false);
    expect(compiled.explain(bodyWith(value))).toMatchObject([{ code: 'invalid_value', param: `/${field}` }]);
  });
});

it('judges a name of a million characters at once', () => {
  const started = performance.now();
  for (const filler of ['x', ' ', 'x ', '\u200B']) nameRule.accepts(`${filler.repeat(500_000)}\n`);
  compileDto(SomebodyDto).accepts({ ...somebody, name: `${'x '.repeat(500_000)}\n` });
  expect(performance.now() - started).toBeLessThan(1_000);
});

it('knows each assigned country once, by two letters', () => {
  expect(new Set(countryCodes).size).toBe(250);
  for (const code of countryCodes) expect(code).toMatch(/^[A-Z]{2}$/);
});
