#!/usr/bin/env node
// The subjects of the commits since the merge base: imperative, short. See --help.
import process from 'node:process';
import { git, mergeBase } from './lib/git.mjs';
import { subjectProblems } from './style/commit-subjects.mjs';

if (process.argv.includes('--help')) {
  process.stdout.write(`Usage: npm run check:commits [-- <from>]

Subjects of the commits after <from> (default: the merge base with the main branch) have at most 72 characters, begin with a capital
letter and end without a full stop; the reason goes into the body.
`);
  process.exit(0);
}
const from = process.argv[2] ?? mergeBase();
const log = from === undefined ? '' : git('log', '--no-merges', '--format=%h %s', `${from}..HEAD`);
const commits = log.split('\n').filter((line) => line !== '');
const problems = commits.flatMap((line) => {
  const [hash = '', ...words] = line.split(' ');
  return subjectProblems(words.join(' ')).map((problem) => `${hash}: ${problem}: ${words.join(' ')}`);
});
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stderr.write(`check:commits: ${commits.length} commits, ${problems.length} problems\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
