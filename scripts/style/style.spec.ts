import { subjectProblems } from './commit-subjects.mjs';
import { deepImports } from './imports.mjs';
import { limitProblems } from './limits.mjs';
import { compareWithList, loweredList, merged, oversizes } from './measures.mjs';
import { asText, asWord, declaredRefusals, limitNames, refusedWith, tableCodes, unused } from './uses.mjs';
import { avoidedWords, emptyNames } from './words.mjs';

const lines = (count: number, line = 'x;'): string => `${line}\n`.repeat(count);

describe('sizes', () => {
  it('are within the bounds up to the bounds themselves', () => {
    expect(oversizes('a.ts', lines(250))).toEqual(new Map());
    expect(oversizes('a.ts', `function f() {\n${lines(58)}}\n`)).toEqual(new Map());
    expect(oversizes('a.ts', `// ${'x'.repeat(117)}\n`)).toEqual(new Map());
  });

  it('count what is over: files, functions by name, lines with comments', () => {
    expect(oversizes('a.ts', lines(251))).toEqual(new Map([['a.ts (file)', 251]]));
    const functions = `function f() {\n${lines(59)}}\nconst g = () => {\n${lines(61)}};\nclass C { m() {\n${lines(60)}} }\n`;
    expect(oversizes('a.ts', functions)).toEqual(
      new Map([
        ['a.ts › f', 61],
        ['a.ts › g', 63],
        ['a.ts › m', 62],
      ]),
    );
    expect(oversizes('a.ts', `// ${'x'.repeat(118)}\n// é${'é'.repeat(116)}\n`)).toEqual(
      new Map([['a.ts (long lines)', 1]]),
    );
  });

  it('of files of one name are put together', () => {
    const [one, two] = [
      new Map([
        ['a.ts (long lines)', 2],
        ['a.ts (file)', 300],
      ]),
      new Map([
        ['a.ts (long lines)', 1],
        ['a.ts (file)', 260],
      ]),
    ];
    expect(merged([one, two])).toEqual(
      new Map([
        ['a.ts (long lines)', 3],
        ['a.ts (file)', 300],
      ]),
    );
  });

  it('may only shrink, and the list with them', () => {
    const list = { 'a.ts (file)': 300, 'b.ts › f': 70 };
    expect(compareWithList(new Map(Object.entries(list)), list)).toEqual([]);
    expect(
      compareWithList(
        new Map([
          ['a.ts (file)', 301],
          ['b.ts › f', 70],
        ]),
        list,
      ),
    ).toEqual(['a.ts (file): 301, it was 300 and may only shrink']);
    expect(
      compareWithList(
        new Map([
          ['a.ts (file)', 300],
          ['b.ts › f', 70],
          ['c.ts (file)', 251],
        ]),
        list,
      ),
    ).toEqual(['c.ts (file): 251, allowed are 250']);
    expect(compareWithList(new Map([['a.ts (file)', 280]]), list)).toHaveLength(2);
    expect(
      loweredList(
        new Map([
          ['a.ts (file)', 280],
          ['c.ts (file)', 251],
        ]),
        list,
      ),
    ).toEqual({ 'a.ts (file)': 280 });
    expect(loweredList(new Map([['a.ts (file)', 400]]), list)).toEqual({ 'a.ts (file)': 300 });
  });
});

describe('imports', () => {
  const libraries = ['libs/a', 'libs/engine/b', 'apps/api'];
  const imports = (file: string, specifier: string): string[] =>
    deepImports(file, `import { x } from '${specifier}';`, libraries);

  it.each([
    ['libs/a/src/one.ts', '../../engine/b/src/inner'],
    ['libs/a/src/one.ts', '@fintech-ledger/b/src/inner'],
    ['apps/api/src/one.ts', '../../../libs/a/src/deep/er'],
    ['test/support/one.ts', '../../libs/engine/b/src/inner'],
  ])('from %s of %s are refused', (file, specifier) => {
    expect(imports(file, specifier)).toEqual([specifier]);
  });

  it.each([
    ['libs/a/src/one.ts', '../two'],
    ['libs/a/src/one.ts', '@fintech-ledger/b'],
    ['libs/a/src/one.ts', '../../engine/b/src/index'],
    ['libs/a/src/one.ts', '../../engine/b/src'],
    ['libs/a/src/one.ts', 'node:fs'],
    ['libs/a/src/one.spec.ts', '../../testing/src/inner'],
    ['libs/a/src/one.spec.ts', '../../engine/b/src/contract-suite'],
  ])('from %s of %s are fine', (file, specifier) => {
    expect(imports(file, specifier)).toEqual([]);
  });
});

describe('what nothing uses', () => {
  const limits = `export const queueMax = 1;\nconst own = 2;\nexport const more = { batchMax: 3, waitMs: 4 } as const;`;

  it('is found among limits, single and in an object', () => {
    expect(limitNames(limits)).toEqual(['queueMax', 'batchMax', 'waitMs']);
    const texts = ['if (n > queueMax) stop();', 'limits.batchMax'];
    expect(unused(limitNames(limits), texts, asWord)).toEqual(['waitMs']);
  });

  it('is found among codes, which a key of a table does not use', () => {
    const table = `export const kinds = { one_code: 'a', other_code: 'b' } as const satisfies Record<string, string>;`;
    expect(tableCodes(table, 'kinds')).toEqual(['one_code', 'other_code']);
    expect(tableCodes(table, 'others')).toEqual([]);
    expect(unused(tableCodes(table, 'kinds'), [table, `refuse('one_code', '…')`], asText)).toEqual([
      'other_code',
    ]);
  });

  it('is found among refusals, which a list of them does not use', () => {
    const names = ['made', 'either', 'other', 'ofPath', 'listed', 'leftOut'];
    const declared = names
      .map((name) => `export const ${name} = refusal('a_${name}', 'rule', '…');`)
      .join('\n');
    const rules = `const list = [made, ...except(all, leftOut), listed];
      return refuse(made, '…') ?? problem(is ? either : other, '…') ?? { refusal: ofPath };`;
    expect(declaredRefusals(`${declared}\nconst list = [made];`)).toEqual(names);
    expect(names.filter((name) => !refusedWith(rules).has(name))).toEqual(['listed', 'leftOut']);
  });
});

describe('a maximum', () => {
  const code = [`counter('ledger_full', '…')`, `problem('queue_full')`];

  it('has a metric, a problem, or stands on the list', () => {
    const table = { metrics: { aMax: 'ledger_full' }, problems: { bMax: 'queue_full' }, without: ['cMax'] };
    expect(limitProblems(['aMax', 'bMax', 'cMax', 'waitMs'], table, code)).toEqual([]);
    expect(limitProblems(['aMax', 'bMax', 'cMax', 'dMax'], table, code)[0]).toContain('dMax has no metric');
  });

  it('that is gone, or shown by nothing, is refused', () => {
    expect(limitProblems([], { without: ['aMax'] }, code)).toEqual([
      'scripts/style/limits.json: there is no limit aMax',
    ]);
    expect(limitProblems(['aMax'], { metrics: { aMax: 'ledger_none' } }, code)[0]).toContain('ledger_none');
    expect(
      limitProblems(['aMax'], { metrics: { aMax: 'ledger_full' }, without: ['aMax'] }, code),
    ).toHaveLength(1);
  });
});

describe('words', () => {
  it.each([
    'the store is away',
    'Clients go away',
    'it was turned away',
    'a cell is left away',
    'null takes a key away',
    'it resumes by itself',
    'the read model is built anew',
    'a stream stands still',
    'the member stands there twice',
    'a page is handed out',
    'it was tried in vain',
    'Whoever reads it',
    'what they say besides.',
  ])('%s has another word', (text) => {
    expect(avoidedWords(`one\n${text}`)).toEqual([expect.objectContaining({ line: 2 })]);
  });

  it.each([
    'asked for besides JSON',
    'given to whoever asks',
    'may be thrown away',
    'a unit away from its share',
    'what holds may still take away',
  ])('%s is fine', (text) => {
    expect(avoidedWords(text)).toEqual([]);
  });

  it('that say nothing are no names', () => {
    expect(
      emptyNames('class LeaseManager {}\ninterface Helper {}\nclass Ledger {}\ntype Database = 1;'),
    ).toEqual(['LeaseManager', 'Helper']);
  });

  it('of a commit are a short imperative', () => {
    expect(subjectProblems(`Say ${'x'.repeat(68)}`)).toEqual([]);
    expect(subjectProblems(`Say ${'x'.repeat(69)}`)).toEqual(['73 characters, at most 72']);
    expect(subjectProblems('fix it.')).toHaveLength(2);
  });
});
