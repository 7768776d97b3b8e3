#!/usr/bin/env node
// Breaking changes of the API and of events against the last tag, else the merge base. See --help.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { section, unannounced } from './compatibility/changelog.mjs';
import { eventBreaks, eventFiles } from './compatibility/events.mjs';
import { openApiBreaks } from './compatibility/open-api.mjs';
import { publicEventBreaks, publicEventFiles } from './compatibility/public-events.mjs';
import { git, lastContract, trackedFiles } from './lib/git.mjs';
import { root } from './lib/prepare.mjs';

if (process.argv.includes('--help')) {
  process.stdout.write(`Usage: npm run check:compatibility [-- <commit> [<version>]]

Compares schemas/openapi.json, the schemas and examples of events, and the schemas of public events with those of
<commit>: by default of the last tag v…, before there is one of the merge base with the main branch. A break of
the API must be named in CHANGELOG.md, under <version> (default Unreleased), "### Breaking", as \`POST /v1/…\`.
Events may not be broken at all.
`);
  process.exit(0);
}
const commit = process.argv[2] ?? lastContract();
if (commit === undefined) {
  process.stderr.write('check:compatibility: nothing to compare with: this clone has one commit\n');
  process.exit(0);
}
const read = (file) => readFileSync(path.join(root, file), 'utf8');
const readOld = (file) => git('show', `${commit}:${file}`);

const old = git('ls-tree', '-r', '-z', '--name-only', commit, 'schemas').split('\0');
const document = 'schemas/openapi.json';
const api = old.includes(document)
  ? openApiBreaks(JSON.parse(readOld(document)), JSON.parse(read(document)))
  : [];
const files = trackedFiles('schemas');
const events = [
  ...eventBreaks(eventFiles(old, readOld), eventFiles(files, read)),
  ...publicEventBreaks(publicEventFiles(old, readOld), publicEventFiles(files, read)),
];
const hidden = unannounced(api, section(read('CHANGELOG.md'), process.argv[3] ?? 'Unreleased') ?? '');
for (const { subject, text } of [...hidden, ...events]) process.stderr.write(`${subject}: ${text}\n`);
if (hidden.length > 0)
  process.stderr.write('Name each operation under "### Breaking" of CHANGELOG.md, or keep it as it was.\n');
process.stderr.write(
  `check:compatibility: ${api.length} breaks of the API, ${events.length} of events, against ${commit}\n`,
);
process.exitCode = hidden.length + events.length === 0 ? 0 : 1;
