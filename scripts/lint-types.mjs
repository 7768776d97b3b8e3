#!/usr/bin/env node
// ESLint's rules that need types (eslint.types.config.mjs). See --help.
import { ESLint } from 'eslint';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { trackedFiles } from './lib/git.mjs';
import { root } from './lib/prepare.mjs';
import { mustLintAgain } from './lib/typed-lint.mjs';

if (process.argv.includes('--help')) {
  process.stdout.write(`Usage: npm run lint:types [-- --all]

The rules that need types. A file with a switch is always looked at, because a type that grows elsewhere changes the verdict; the
others come from a cache unless they were changed. --all, and CI (the variable CI is set): no cache at all.
`);
  process.exit(0);
}
const isWhole = process.argv.includes('--all') || Boolean(process.env['CI']);
const files = trackedFiles('*.ts').filter((file) => !file.endsWith('.d.ts'));
const isAlways = (file) => isWhole || mustLintAgain(readFileSync(path.join(root, file), 'utf8'));
const always = files.filter(isAlways);
const cached = files.filter((file) => !always.includes(file));

const shared = { cwd: root, overrideConfigFile: path.join(root, 'eslint.types.config.mjs') };
/** @type {import('eslint').ESLint.Options} */
const cache = { cache: true, cacheLocation: '.cache/eslint-types', cacheStrategy: 'content' };
const results = [
  ...(await new ESLint(shared).lintFiles(always)),
  ...(cached.length === 0 ? [] : await new ESLint({ ...shared, ...cache }).lintFiles(cached)),
];
const formatter = await new ESLint(shared).loadFormatter('stylish');
process.stdout.write(await formatter.format(ESLint.getErrorResults(results)));
process.stderr.write(`lint:types: ${always.length} files looked at, ${cached.length} by the cache\n`);
process.exitCode = results.some(({ errorCount, fatalErrorCount }) => errorCount + fatalErrorCount > 0)
  ? 1
  : 0;
