#!/usr/bin/env node
// The notes of a release from CHANGELOG.md, or why it can't be released. See --help.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { releaseProblems, section } from './compatibility/changelog.mjs';
import { root } from './lib/prepare.mjs';

const [tag] = process.argv.slice(2);
if (tag === undefined || tag === '--help') {
  process.stderr.write(`Usage: node scripts/release-notes.mjs <tag>

Prints the section of CHANGELOG.md of a version. Fails when the tag is not v and the version of package.json, when the version has
no section with its date and entries, or when something still stands under Unreleased.
`);
  process.exit(tag === undefined ? 2 : 0);
}
const read = (file) => readFileSync(path.join(root, file), 'utf8');
const { version } = JSON.parse(read('package.json'));
const changelog = read('CHANGELOG.md');
const problems = releaseProblems(changelog, version);
if (tag !== `v${version}`) problems.push(`the tag is ${tag}, the version of package.json ${version}`);
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exit(1);
process.stdout.write(`${section(changelog, version)}\n`);
