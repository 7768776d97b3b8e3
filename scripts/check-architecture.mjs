#!/usr/bin/env node
// The import law (.dependency-cruiser.cjs), and the list of what still breaks it: nothing is added to the list,
// and what is mended leaves it.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cruise } from './lib/cruise.mjs';
import { root } from './lib/prepare.mjs';

if (process.argv.includes('--help')) {
  process.stderr.write(
    `Usage: npm run check:architecture [-- --shrink]
Fails on an import that breaks the law and is not on the list of known violations,
and on a listed one that is mended.
--shrink: takes mended ones off the list.
`,
  );
  process.exit(0);
}
const file = path.join(root, '.dependency-cruiser-known-violations.json');
const nameOf = ({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`;
const known = JSON.parse(readFileSync(file, 'utf8'));
const found = cruise(root).summary.violations;
const listed = new Set(known.map(nameOf));
const present = new Set(found.map(nameOf));
const added = [...present].filter((name) => !listed.has(name));
const mended = [...listed].filter((name) => !present.has(name));

for (const name of added) process.stderr.write(`${name}\n`);
if (mended.length > 0 && process.argv.includes('--shrink')) {
  const left = known.filter((one) => present.has(nameOf(one)));
  writeFileSync(file, `${JSON.stringify(left, null, 2)}\n`);
} else {
  for (const name of mended) {
    process.stderr.write(`mended, run npm run check:architecture -- --shrink: ${name}\n`);
  }
  if (mended.length > 0) process.exitCode = 1;
}
process.stdout.write(`check:architecture: ${present.size} known violations, ${added.length} new\n`);
if (added.length > 0) process.exitCode = 1;
