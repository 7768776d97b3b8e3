#!/usr/bin/env node
// Checks that every relative link in the Markdown files leads to a file, and to a heading of it when it names one.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
if (process.argv.includes('--help')) {
  process.stdout.write('Usage: npm run check:docs\nChecks the relative links of all Markdown files.\n');
  process.exit(0);
}

/** The Markdown files that git has or would take, in order. */
function markdownFiles() {
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (listed.status !== 0) throw new Error(`git ls-files failed: ${listed.stderr}`);
  return [...new Set(listed.stdout.split('\0'))].filter((file) => file && existsSync(path.join(root, file)));
}

const read = (file) => readFileSync(path.join(root, file), 'utf8');
const withoutCode = (text) => text.replace(/^(`{3,})[^]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');

/** Headings as the anchors that GitHub makes of them. */
function anchorsOf(file) {
  const text = read(file).replace(/^(`{3,})[^]*?^\1/gm, '');
  const headings = [...text.matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return new Set([...headings, ...[...text.matchAll(/ (?:id|name)="([^"]+)"/g)].map(([, id]) => id)]);
}

const problems = [];
let links = 0;
for (const file of markdownFiles()) {
  for (const [, target] of withoutCode(read(file)).matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)) {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) continue;
    links += 1;
    const [place, anchor] = decodeURI(target).split('#');
    const linked = place === '' ? file : path.normalize(path.join(path.dirname(file), place));
    if (!existsSync(path.join(root, linked))) problems.push(`${file}: ${target} leads to nothing`);
    else if (anchor && linked.endsWith('.md') && !anchorsOf(linked).has(anchor)) {
      problems.push(`${file}: ${target} names no heading of ${linked}`);
    }
  }
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(`check:docs: ${links} links, ${problems.length} broken\n`);
process.exit(problems.length === 0 ? 0 : 1);
