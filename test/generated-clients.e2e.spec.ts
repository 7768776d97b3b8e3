import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { generatePythonClient, generateTypescriptClient } from './support/client-generators';
import { runStandalone } from './support/running-standalone';
import type { RunningStandalone } from './support/running-standalone';

/** What people generate from schemas/openapi.json works, with types: see the programs in docs/examples. */
describe('a client that is generated from the document', () => {
  let server: RunningStandalone;
  let folder: string;

  beforeAll(async () => {
    server = await runStandalone();
    folder = await mkdtemp(path.join(os.tmpdir(), 'fintech-ledger-client-'));
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ['openapi-python-client', generatePythonClient],
    ['@hey-api/openapi-ts', generateTypescriptClient],
  ] as const)(
    'by %s keeps books, reads pages, and gets problems as typed errors',
    async (_generator, generate) => {
      const own = await mkdtemp(path.join(folder, 'of-'));
      const { command, parameters } = generate(own);
      const env = { ...process.env, LEDGER_URL: server.url, LEDGER_KEY: server.apiKey };
      const { stdout } = await promisify(execFile)(command, parameters, { env });
      expect(JSON.parse(stdout)).toEqual({
        dry_run: true,
        status: 'posted',
        available: '900',
        pages: [['sales'], ['cash']],
        refused: { status: 409, code: 'reference_taken', names_holder: true },
      });
    },
    300_000,
  );
});
