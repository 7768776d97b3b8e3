import { importsIn } from './manifest-imports.cjs';
import { runSteps } from './run-steps.mjs';
import { mustLintAgain } from './typed-lint.mjs';
import { byPackage, enteredEachTime, enteredFiles } from './walked-files.mjs';

describe('the steps of a check', () => {
  it('are all run, so many at a time, and those that fail are named with their output', async () => {
    let running = 0;
    let most = 0;
    let shown = '';
    const run = async (step: string): Promise<{ isGood: boolean; output: string }> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return { isGood: step !== 'b', output: `said by ${step}` };
    };
    const failed = await runSteps(['a', 'b', 'c', 'd', 'e'], 2, run, (text: string) => (shown += text));
    expect(failed).toEqual(['b']);
    expect(most).toBe(2);
    expect(shown.match(/^ok /gm)).toHaveLength(4);
    expect(shown).toContain('said by b');
    expect(shown).not.toContain('said by a');
    expect(shown).toContain('1 of 5 failed: b');
  });
});

it('lints a file with a switch again, whatever the cache says', () => {
  expect(mustLintAgain('switch (event.type) {}')).toBe(true);
  expect(mustLintAgain('const switched = 1;')).toBe(false);
});

describe('what a manifest says of imports', () => {
  const manifest = (lines: string) =>
    `export const fxModule: ModuleManifest = {\n${lines}\n  streams: [],\n};\n`;

  it('is read as it stands', () => {
    expect(importsIn(manifest("  name: 'fx',\n  imports: ['ledger', 'access'],"), 'fx')).toEqual([
      'ledger',
      'access',
    ]);
    expect(importsIn(manifest("  name: 'fx',\n  imports: [],"), 'fx')).toEqual([]);
  });

  it.each([
    ['another name', "  name: 'payments',\n  imports: [],", 'is called payments'],
    ['no imports', "  name: 'fx',", 'has no list of imports'],
    ['imports that are computed', "  name: 'fx',\n  imports: [...others],", 'has no list of imports'],
  ])('is refused with %s', (_what, lines, reason) => {
    expect(() => importsIn(manifest(lines), 'fx')).toThrow(reason);
  });
});

describe('the files that a request enters', () => {
  const base = 'file:///dist/';
  const text = 'head {get max () { return max; }} function work() { return 1; }';
  const covering = (part: string, count: number) => {
    const startOffset = text.indexOf(part);
    return { ranges: [{ startOffset, endOffset: startOffset + part.length, count }] };
  };
  const entered = (file: string, ...functions: ReturnType<typeof covering>[]) =>
    enteredFiles([{ url: base + file, functions }], base, () => text);

  it('are those of which a function ran, as they are called in the sources', () => {
    expect(entered('apps/a/b.js', covering('function work() { return 1; }', 1))).toEqual(['apps/a/b.ts']);
  });

  it.each([
    ['one that was only loaded', 'apps/a/b.js', covering(text, 1)],
    ['one whose function did not run', 'apps/a/b.js', covering('function work() { return 1; }', 0)],
    ['one of which a constant was read', 'apps/a/b.js', covering('get max () { return max; }', 1)],
    ['an index', 'apps/a/index.js', covering('function work() { return 1; }', 1)],
  ])('are without %s', (_what, file, covered) => {
    expect(entered(file, covered)).toEqual([]);
  });

  it('are those that every one of several requests enters', () => {
    expect(
      enteredEachTime([
        ['b', 'timer', 'a'],
        ['a', 'b'],
      ]),
    ).toEqual(['a', 'b']);
  });

  it('are told by package', () => {
    const files = ['apps/api/src/a.ts', 'libs/engine/http/b.ts', 'libs/engine/http/c/d.ts'];
    expect([...byPackage(files)]).toEqual([
      ['apps/api', ['src/a.ts']],
      ['libs/engine/http', ['b.ts', 'c/d.ts']],
    ]);
  });
});
