import { transformSync } from '@swc/core';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installOnce, runTool } from './installed-tools';

const root = path.resolve(__dirname, '../..');
const cache = path.join(root, '.cache', 'webhook-receivers');
const nodePackages = {
  '@nestjs/common': '12.5.1',
  '@nestjs/core': '12.5.1',
  '@nestjs/platform-express': '12.5.1',
  express: '5.3.0',
  fastify: '5.12.8',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
  standardwebhooks: '1.1.1',
};
const pythonPackages = ['fastapi==0.165.0', 'flask==3.1.3', 'standardwebhooks==1.1.0', 'uvicorn==0.54.0'];

/** A folder for programs that use the published packages of the verifier, and those that a receiver has. */
export interface ReceiverFolder {
  readonly folder: string;
  readonly python: string;
}

/** Packs the verifier as it is published, and installs it beside frameworks and the `standardwebhooks` packages. */
export function receiverFolder(): ReceiverFolder {
  const node = path.join(cache, `node-${Object.values(nodePackages).join('-')}`);
  installOnce(node, () => {
    writeFileSync(
      path.join(node, 'package.json'),
      JSON.stringify({ private: true, dependencies: nodePackages }),
    );
    runTool('npm', ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts'], node);
  });
  const environment = path.join(cache, `python-${pythonPackages.join('-').replaceAll(/[a-z=]+/g, '')}`);
  const python = path.join(environment, process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  installOnce(environment, () => {
    runTool('python3', ['-m', 'venv', environment]);
    runTool(python, [...pip, ...pythonPackages]);
  });
  const folder = mkdtempSync(path.join(node, 'receiver-'));
  runTool(process.execPath, [path.join(root, 'scripts', 'pack-verifier.mjs'), path.join(folder, 'packages')]);
  const packed = path.join(folder, 'packages', 'npm');
  const [file] = JSON.parse(
    runTool('npm', ['pack', '--json', '--silent', '--pack-destination', folder], packed),
  ) as {
    filename: string;
  }[];
  const installed = path.join(folder, 'node_modules', '@fintech-ledger', 'webhook-verifier');
  mkdirSync(installed, { recursive: true });
  runTool('tar', ['-xzf', path.join(folder, file?.filename ?? ''), '-C', installed, '--strip-components=1']);
  runTool(python, [...pip, '--no-deps', '--target', folder, path.join(folder, 'packages', 'python')]);
  return { folder, python };
}

/** The program below a heading of docs/how-to/receive-webhooks.md, written to the folder: what to run, in it. */
export function writeRecipe(
  { folder, python }: ReceiverFolder,
  name: string,
  port: number,
): readonly string[] {
  const text = readFileSync(path.join(root, 'docs', 'how-to', 'receive-webhooks.md'), 'utf8');
  const [, language, program = ''] =
    new RegExp(`\n## ${name}\n\n\`\`\`(\\w+)\n([^]*?)\n\`\`\`\n`).exec(text) ?? [];
  const own = mkdtempSync(path.join(folder, 'recipe-'));
  const file = path.join(own, language === 'python' ? 'receiver.py' : 'receiver.mjs');
  writeFileSync(file, language === 'ts' ? compiled(program) : program);
  if (language !== 'python') return [process.execPath, file];
  cpSync(path.join(folder, 'fintech_ledger_webhooks'), path.join(own, 'fintech_ledger_webhooks'), {
    recursive: true,
  });
  const address = ['--port', String(port), '--host', '127.0.0.1'];
  return name === 'Flask'
    ? [python, '-m', 'flask', '--app', file, 'run', ...address]
    : [python, '-m', 'uvicorn', '--app-dir', own, 'receiver:app', ...address];
}

const compiled = (program: string): string =>
  transformSync(program, {
    swcrc: false,
    jsc: {
      target: 'es2023',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
    module: { type: 'es6' },
  }).code;
