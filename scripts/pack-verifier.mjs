#!/usr/bin/env node
// Makes the packages of libs/webhook-verifier or libs/ledger-verifier for npm and PyPI. See --help.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { root } from './lib/prepare.mjs';

const usage = `Usage: node scripts/pack-verifier.mjs [folder] [--of ledger-verifier]

Writes npm/ and python/ to the folder (dist/webhook-verifier, or that of the other one): what
\`npm publish <folder>/npm\` and \`python -m build <folder>/python\` take.
`;
if (process.argv.includes('--help')) {
  process.stdout.write(usage);
  process.exit(0);
}
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { of: { type: 'string', default: 'webhook-verifier' } },
});
const source = path.join(root, 'libs', values.of);
const target = path.resolve(positionals[0] ?? path.join(root, 'dist', values.of));
const [npm, python] = [path.join(target, 'npm'), path.join(target, 'python')];
for (const folder of [npm, python]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

const program = ts.createProgram([path.join(source, 'index.ts')], {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  declaration: true,
  types: ['node'],
  typeRoots: [path.join(root, 'node_modules', '@types')],
  rootDir: source,
  outDir: path.join(npm, 'lib'),
});
const { diagnostics } = program.emit();
const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
if (problems.length > 0) {
  process.stderr.write(
    ts.formatDiagnostics(problems, {
      getCurrentDirectory: () => root,
      getCanonicalFileName: (name) => name,
      getNewLine: () => '\n',
    }),
  );
  process.exit(1);
}

const { name, version, description, license } = JSON.parse(
  readFileSync(path.join(source, 'package.json'), 'utf8'),
);
const manifest = {
  ...{ name, version, description, license },
  engines: { node: '>=20' },
  main: './lib/index.js',
  types: './lib/index.d.ts',
  exports: { '.': { types: './lib/index.d.ts', default: './lib/index.js' } },
  ...(values.of === 'ledger-verifier' ? { bin: { 'ledger-verifier': './lib/ledger-verifier.js' } } : {}),
  files: ['lib'],
};
writeFileSync(path.join(npm, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
cpSync(path.join(source, 'README.md'), path.join(npm, 'README.md'));
cpSync(path.join(source, 'python'), python, { recursive: true });
for (const folder of [npm, python]) cpSync(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'));
process.stdout.write(`${npm}\n${python}\n`);
