#!/usr/bin/env node
// The command line of the ledger: imports, exports, verifies. Builds first what has changed. `--help` lists the commands.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, installMissing, root } from './lib/prepare.mjs';

try {
  installMissing();
  build();
} catch (error) {
  process.stderr.write(`ledgerctl: ${error.message}\n`);
  process.exit(2);
}
await import(pathToFileURL(path.join(root, 'dist', 'apps', 'ledgerctl', 'src', 'main.js')).href);
