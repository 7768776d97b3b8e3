#!/usr/bin/env node
// Compiles apps/ and libs/ to dist/ (CommonJS) with swc; only files newer than their output are compiled.
// `@fintech-ledger/<lib>` imports become relative paths, so dist/ runs with plain node.
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bindStars } from './lib/bind-stars.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const dist = path.join(root, 'dist');

if (process.argv.includes('--help')) {
  process.stderr.write('Usage: node scripts/build.mjs [--clean]\nCompiles apps/ and libs/ into dist/.\n');
  process.exit(0);
}
if (process.argv.includes('--clean')) await rm(dist, { recursive: true, force: true });

async function sources(dir) {
  const entries = await readdir(dir, { withFileTypes: true });
  const nested = await Promise.all(
    entries.map((entry) => {
      const file = path.join(dir, entry.name);
      if (entry.isDirectory()) return sources(file);
      return /\.ts$/.test(file) && !/\.(d|spec)\.ts$/.test(file) ? [file] : [];
    }),
  );
  return nested.flat();
}

async function newer(a, b) {
  try {
    return (await stat(a)).mtimeMs > (await stat(b)).mtimeMs;
  } catch {
    return true;
  }
}

/** The folder of a library by its name: names are one to each, whatever the layer. */
function folderOf(lib) {
  const folders = ['engine', 'platform', 'modules', ''].map((layer) => path.join('libs', layer, lib));
  const found = folders.find((folder) => existsSync(path.join(root, folder, 'index.ts')));
  if (found === undefined) throw new Error(`no library is called @fintech-ledger/${lib}`);
  return found;
}

const files = (await Promise.all(['apps', 'libs'].map((d) => sources(path.join(root, d))))).flat();
let compiled = 0;
/** @type {Promise<typeof import('@swc/core')> | undefined} */
let compiler;
await Promise.all(
  files.map(async (file) => {
    const out = path.join(dist, path.relative(root, file)).replace(/\.ts$/, '.js');
    if (!(await newer(file, out))) return;
    // Most calls find nothing to compile, and need no compiler with its threads.
    compiler ??= import('@swc/core');
    const { transformFile } = await compiler;
    const { code } = await transformFile(file, {
      swcrc: false,
      sourceMaps: 'inline',
      jsc: {
        target: 'es2023',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        keepClassNames: true,
      },
      module: { type: 'commonjs' },
    });
    const rewritten = bindStars(code).replace(/require\("@fintech-ledger\/([a-z/-]+)"\)/g, (_m, lib) => {
      const target = path.relative(path.dirname(out), path.join(dist, folderOf(lib), 'index.js'));
      return `require(${JSON.stringify(target.startsWith('.') ? target.split(path.sep).join('/') : './' + target)})`;
    });
    await mkdir(path.dirname(out), { recursive: true });
    // Renamed when whole: another start may be reading it.
    await writeFile(`${out}.${process.pid}`, rewritten);
    await rename(`${out}.${process.pid}`, out);
    compiled += 1;
  }),
);
process.stderr.write(`build: ${compiled} of ${files.length} files compiled\n`);
