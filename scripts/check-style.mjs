#!/usr/bin/env node
// Style as a test: sizes, imports, unused limits and refusals, limits without a metric, words. See --help.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { ByContent } from './lib/by-content.mjs';
import { trackedFiles } from './lib/git.mjs';
import { root } from './lib/prepare.mjs';
import { deepImports } from './style/imports.mjs';
import { limitProblems } from './style/limits.mjs';
import { bounds, compareWithList, loweredList, merged, oversizes } from './style/measures.mjs';
import {
  asText,
  asWord,
  declaredRefusals,
  limitNames,
  refusedWith,
  tableCodes,
  unused,
} from './style/uses.mjs';
import { avoidedWords, emptyNames } from './style/words.mjs';

if (process.argv.includes('--help')) {
  process.stdout.write(`Usage: npm run style [-- --lower]

A file has at most ${bounds.file} lines, a function ${bounds.function}, a line ${bounds.line} characters; specs and tables of data may be longer. What is longer since
before is in scripts/style/longer.json by the file's name: it may shrink, and then the list must. --lower writes the list so.
Also: of another library only its index is imported; every limit and every refusal is used; every limit has a metric, or the
problem with which it refuses, in scripts/style/limits.json; words are those of scripts/style/words.mjs.
`);
  process.exit(0);
}

/** Tables of data are as long as what they list; the verifier is one file, so that an auditor reads all of it. */
const anyLength = new Set(['currencies.ts', 'ledger-verifier.ts']);
const isSpec = (file) => /\.spec\.ts$|contract-suite\.ts$|^test\//.test(file);
const read = (file) => readFileSync(path.join(root, file), 'utf8');
const json = (file) => (existsSync(path.join(root, file)) ? JSON.parse(read(file)) : {});

const code = trackedFiles('*.ts', '*.mjs', '*.cjs').filter((file) => !file.startsWith('test/fixtures/'));
const texts = new Map(code.map((file) => [file, read(file)]));
const measures = ['measures', 'imports'].map((name) => read(`scripts/style/${name}.mjs`)).join();
const known = new ByContent(path.join(root, '.cache', 'style.json'), measures);
const products = code.filter((file) => !isSpec(file));
const problems = [...(await sizes()), ...(await imports()), ...limits(), ...refusals(), ...words()];
known.save();
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stderr.write(`style: ${code.length} files, ${problems.length} problems\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

async function sizes() {
  const list = 'scripts/style/longer.json';
  const sizesOf = async (file) => {
    const [name, text] = [path.basename(file), texts.get(file) ?? ''];
    return new Map(await known.get(`sizes ${name}`, text, () => [...oversizes(name, text)]));
  };
  const measured = products.filter((file) => !anyLength.has(path.basename(file)));
  const found = merged(await Promise.all(measured.map(sizesOf)));
  const listed = json(list);
  if (!process.argv.includes('--lower')) return compareWithList(found, listed);
  const lowered = loweredList(found, listed);
  writeFileSync(path.join(root, list), `${JSON.stringify(lowered, null, 2)}\n`);
  return compareWithList(found, lowered);
}

async function imports() {
  const index =
    /^libs\/((engine|platform|modules)\/[a-z-]+(\/(domain|formats))?|testing)\/index\.ts$|\/src\/index\.ts$/;
  const libraries = code
    .filter((file) => index.test(file))
    .map((file) => file.replace(/(\/src)?\/index\.ts$/, ''));
  const place = createHash('sha256').update(libraries.join()).digest('hex');
  const problemsOf = async (file) => {
    const text = texts.get(file) ?? '';
    const deep = await known.get(`imports ${file} ${place}`, text, () => deepImports(file, text, libraries));
    return deep.map((specifier) => `${file}: imports ${specifier}; only a library's index may be imported`);
  };
  return (await Promise.all(code.map(problemsOf))).flat();
}

function limits() {
  const files = products.filter((file) => path.basename(file) === 'limits.ts');
  const names = files.flatMap((file) => limitNames(texts.get(file) ?? ''));
  const others = products.map((file) => {
    const text = texts.get(file) ?? '';
    // In its own file a limit counts as used where another one is computed from it.
    return files.includes(file) ? text.replace(/^export const \w+|^ {2}\w+:/gm, '') : text;
  });
  return [
    ...unused(names, others, asWord).map((name) => `limits.ts: nothing uses ${name}`),
    ...limitProblems(
      names,
      json('scripts/style/limits.json'),
      products.map((file) => texts.get(file) ?? ''),
    ),
  ];
}

function refusals() {
  const all = products.map((file) => texts.get(file) ?? '');
  const codes = all.flatMap((text) =>
    text.includes('edgeProblems') ? tableCodes(text, 'edgeProblems') : [],
  );
  const declared = all.filter((text) => text.includes('= refusal(')).flatMap(declaredRefusals);
  const refused = new Set(
    all.filter((text) => /refus|problem/i.test(text)).flatMap((text) => [...refusedWith(text)]),
  );
  return [...unused(codes, all, asText), ...declared.filter((name) => !refused.has(name))].map(
    (name) => `nothing refuses with ${name}`,
  );
}

function words() {
  const docs = trackedFiles('*.md', '*.yml', 'schemas/openapi.json');
  const own = (file) => file.startsWith('scripts/style/') || file.startsWith('test/fixtures/');
  return [...code, ...docs]
    .filter((file) => !own(file))
    .flatMap((file) => {
      const text = texts.get(file) ?? read(file);
      return [
        ...avoidedWords(text).map(({ line, word, instead }) => `${file}:${line}: "${word}": ${instead}`),
        ...(texts.has(file) ? emptyNames(text).map((name) => `${file}: ${name} says nothing`) : []),
      ];
    });
}
