import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { transform } from '@swc/core';
import { bindStars } from './bind-stars.mjs';
import { importsIn } from './manifest-imports.cjs';
import { ByContent } from './by-content.mjs';
import { fingerprint, PassedSteps } from './passed-steps.mjs';
import { runSteps } from './run-steps.mjs';
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

describe('a step that passed', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fintech-ledger-steps-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);

  it('is known on the same files alone: not on an edited, a renamed or a further one', () => {
    write('a.ts', 'one');
    write('b.ts', 'one');
    const print = fingerprint(folder, ['a.ts']);
    expect(fingerprint(folder, ['a.ts'])).toBe(print);
    expect(fingerprint(folder, ['b.ts'])).not.toBe(print);
    expect(fingerprint(folder, ['a.ts', 'b.ts'])).not.toBe(print);
    write('a.ts', 'two');
    expect(fingerprint(folder, ['a.ts'])).not.toBe(print);
  });

  it('is remembered by the next process, and by none whose file is broken', () => {
    const file = path.join(folder, 'kept', 'passed.json');
    new PassedSteps(file).add('style', 'print');
    expect(new PassedSteps(file).has('style', 'print')).toBe(true);
    expect(new PassedSteps(file).has('style', 'other')).toBe(false);
    expect(new PassedSteps(file).has('lint', 'print')).toBe(false);
    writeFileSync(file, '{"style": ');
    expect(new PassedSteps(file).has('style', 'print')).toBe(false);
  });
});

describe('what is kept by content', () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'by-content-')), 'kept.json');
  const before = process.env['CI'];
  beforeAll(() => delete process.env['CI']);
  afterAll(() => {
    if (before !== undefined) process.env['CI'] = before;
    rmSync(path.dirname(file), { recursive: true });
  });

  it('is computed again for another text, by another version, and where nothing was kept', async () => {
    const computed: string[] = [];
    const lengthOf = (kept: ByContent, text: string): Promise<number> =>
      kept.get('length', text, () => {
        computed.push(text);
        return text.length;
      });
    const first = new ByContent(file, '1');
    expect([await lengthOf(first, 'a'), await lengthOf(first, 'a'), await lengthOf(first, 'bc')]).toEqual([
      1, 1, 2,
    ]);
    expect(computed).toEqual(['a', 'bc']);
    first.save();
    const second = new ByContent(file, '1');
    expect([await lengthOf(second, 'a'), await lengthOf(second, 'def')]).toEqual([1, 3]);
    expect(computed).toEqual(['a', 'bc', 'def']);
    second.save();
    await lengthOf(new ByContent(file, '1'), 'bc');
    await lengthOf(new ByContent(file, '2'), 'a');
    expect(computed).toEqual(['a', 'bc', 'def', 'bc', 'a']);
  });
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

it('gives an index what it exports, and does not build what it can not do that for', async () => {
  const options = {
    jsc: { parser: { syntax: 'typescript' as const } },
    module: { type: 'commonjs' as const },
  };
  const { code } = await transform(`export * from './one';`, options);
  const exported: Record<string, unknown> = {};
  const one = {
    a: 1,
    get b() {
      return 2;
    },
    default: 3,
  };
  runInNewContext(bindStars(code), { exports: exported, require: () => one });
  expect(Object.getOwnPropertyDescriptor(exported, 'b')).toMatchObject({ value: 2, enumerable: true });
  expect(exported).toEqual({ a: 1, b: 2 });
  expect(() => bindStars(code.replace('from[k]', 'from.get(k)'))).toThrow('export *');
  expect(bindStars('const a = 1;')).toBe('const a = 1;');
});
