import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installOnce, runTool as run } from './installed-tools';

const pythonVersion = '0.29.1';
// The last one that runs on Node 20.
const typescriptVersion = '0.92.2';
const compilerVersion = '5.9.3';

const root = path.resolve(__dirname, '../..');
const document = path.join(root, 'schemas', 'openapi.json');
const programs = path.join(root, 'docs', 'examples', 'generated-clients');
const isWindows = process.platform === 'win32';

/** A client in some language, generated into a folder together with a program that uses it: what to run. */
export interface GeneratedClient {
  readonly command: string;
  readonly parameters: readonly string[];
}

/** Generates the Python client. @throws Error that has what the generator said, also for a mere warning */
export function generatePythonClient(folder: string): GeneratedClient {
  const environment = path.join(root, '.cache', 'openapi-python-client', pythonVersion);
  const binaries = path.join(environment, isWindows ? 'Scripts' : 'bin');
  const python = path.join(binaries, 'python');
  installOnce(environment, () => {
    run('python3', ['-m', 'venv', environment]);
    const quietly = ['--quiet', '--disable-pip-version-check'];
    run(python, ['-m', 'pip', 'install', ...quietly, `openapi-python-client==${pythonVersion}`]);
  });
  const config = path.join(root, 'schemas', 'openapi-python-client.yml');
  run(path.join(binaries, 'openapi-python-client'), [
    ...['generate', '--path', document, '--config', config, '--meta', 'none', '--fail-on-warning'],
    ...['--output-path', path.join(folder, 'ledger_client')],
  ]);
  copyFileSync(path.join(programs, 'books.py'), path.join(folder, 'books.py'));
  return { command: python, parameters: [path.join(folder, 'books.py')] };
}

/** Generates the TypeScript client and compiles it with the program. @throws Error that has what the generator or the compiler said */
export function generateTypescriptClient(folder: string): GeneratedClient {
  const tools = path.join(root, '.cache', 'openapi-ts', typescriptVersion);
  installOnce(tools, () => {
    writeFileSync(path.join(tools, 'package.json'), '{"private":true}');
    const packages = [`@hey-api/openapi-ts@${typescriptVersion}`, `typescript@${compilerVersion}`];
    run('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', tools, ...packages]);
  });
  const output = { path: path.join(folder, 'ledger'), importFileExtension: '.js' };
  const options = { input: document, output, plugins, logs: { level: 'error', file: false } };
  const script = path.join(tools, 'generate.mjs');
  const generate = `import { createClient } from '@hey-api/openapi-ts';\nawait createClient(JSON.parse(process.argv[2]));\n`;
  writeFileSync(script, generate);
  run(process.execPath, [script, JSON.stringify(options)]);
  copyFileSync(path.join(programs, 'books.mts'), path.join(folder, 'books.mts'));
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['.'] }));
  const compiler = path.join(tools, 'node_modules', 'typescript', 'bin', 'tsc');
  run(process.execPath, [compiler, '--project', folder]);
  return { command: process.execPath, parameters: [path.join(folder, 'books.mjs')] };
}

const plugins = ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'];
const compilerOptions = {
  target: 'ES2023',
  lib: ['ES2023', 'DOM', 'DOM.Iterable'],
  module: 'nodenext',
  strict: true,
  types: ['node'],
  typeRoots: [path.join(root, 'node_modules', '@types')],
};
