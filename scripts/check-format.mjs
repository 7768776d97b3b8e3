#!/usr/bin/env node
// Whether everything is formatted as Prettier would have it. See --help.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { trackedFiles } from './lib/git.mjs';
import { keep, readKept } from './lib/kept-json.mjs';
import { root } from './lib/prepare.mjs';

if (process.argv.includes('--help')) {
  process.stdout.write(`Usage: npm run format:check [-- --all]

Fails on a file that Prettier would write otherwise. A text that passed before is not looked at again. --all, and CI
(the variable CI is set): every file.
`);
  process.exit(0);
}
const isWhole = process.argv.includes('--all') || Boolean(process.env['CI']);
// Prettier's own cache finds out the options of each file first, which takes seconds.
const cache = path.join(root, '.cache', 'formatted.json');
const text = (/** @type {string} */ file) => readFileSync(path.join(root, file));
const { version } = createRequire(import.meta.url)('prettier/package.json');
const options = ['.prettierrc.json', '.prettierignore', '.editorconfig'].map((file) => text(file).toString());
/** A file's name says which parser reads it. */
const printOf = (/** @type {string} */ file) =>
  createHash('sha256')
    .update(JSON.stringify([version, options, file]))
    .update(text(file))
    .digest('base64');

const files = trackedFiles('.');
const passed = new Set(isWhole ? [] : readKept(cache, /** @type {string[]} */ ([])));
const prints = new Map(files.map((file) => [file, printOf(file)]));
const due = files.filter((file) => !passed.has(prints.get(file) ?? ''));
const { status } =
  due.length === 0
    ? { status: 0 }
    : spawnSync(
        process.execPath,
        [
          path.join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs'),
          ...['--check', '--ignore-unknown', '--log-level', 'warn', ...due],
        ],
        { cwd: root, stdio: 'inherit' },
      );
if (status === 0) keep(cache, [...prints.values()]);
process.stderr.write(`format:check: ${due.length} of ${files.length} files looked at\n`);
process.exitCode = status === 0 ? 0 : 1;
