// The embedded Postgres as a process of its own. DATA_DIR names its folder.
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { root } from './prepare.mjs';

const require = createRequire(import.meta.url);
const { startEmbeddedPostgres } = require(path.join(root, 'dist/libs/platform/embedded-postgres/index.js'));

const asked = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, resolve);
});
try {
  const postgres = await startEmbeddedPostgres({
    directory: path.resolve(process.env.DATA_DIR ?? '.data/postgres'),
    log: (message) => process.stderr.write(`${message}\n`),
  });
  process.stdout.write(
    `${JSON.stringify({ name: 'postgres', url: postgres.applicationUrl, owner_url: postgres.url })}\n`,
  );
  await asked;
  await postgres.stop();
} catch (error) {
  process.stderr.write(`fintech-ledger: ${error.message}\n`);
  process.exitCode = 1;
}
process.exit();
