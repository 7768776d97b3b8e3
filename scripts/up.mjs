#!/usr/bin/env node
// Installs what is missing, builds, and starts everything in one process. `--help` lists the options.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, installMissing, root } from './lib/prepare.mjs';

try {
  installMissing();
  build();
} catch (error) {
  process.stderr.write(`fintech-ledger: ${error.message}\n`);
  process.exit(1);
}
const main = path.join(root, 'dist', 'apps', 'standalone', 'src', 'main.js');
if (!existsSync(main)) throw new Error(`${main} was not built`);
// In this very process: what SIGTERM is sent to is what runs.
await import(pathToFileURL(main).href);
