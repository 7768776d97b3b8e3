// docs/reference/cli.md: what each program says to --help.
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';

/**
 * What a program says to `--help`, as a block.
 * @param {string} script
 * @param {string[]} parameters
 * @returns {Promise<string>}
 */
export async function helpOf(script, ...parameters) {
  const child = spawn(process.execPath, [script, ...parameters, '--help'], {
    env: { ...process.env, COLUMNS: '120', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if ((await ended) !== 0) throw new Error(`${script} --help failed: ${err}`);
  return ['```text', (out || err).trim(), '```'].join('\n');
}

/**
 * The commands that a program's help lists.
 * @param {string} help
 */
export function commandsIn(help) {
  const list = /^Commands:\n((?: +.*\n?)+)/m.exec(help)?.[1] ?? '';
  return [...list.matchAll(/^ {2}(\w[\w-]*)/gm)]
    .map(([, name]) => String(name))
    .filter((name) => name !== 'help');
}

/** Scripts whose help is worth a place in the reference, besides those with a section of their own. */
const scripts = [
  'demo',
  'test',
  'check',
  'generate',
  'style',
  'check:compatibility',
  'bench',
  'simulate',
  'fuzz',
  'soak',
];

/**
 * The generated parts of docs/reference/cli.md. Needs the build.
 * @param {string} root
 * @returns {Promise<Record<string, string>>}
 */
export async function commandLineParts(root) {
  const script = (name) => path.join(root, 'scripts', `${fileOf(name)}.mjs`);
  const main = (app) => path.join(root, 'dist', 'apps', app, 'src', 'main.js');
  const [up, distributed, ledgerctl, ...others] = await Promise.all([
    helpOf(main('standalone')),
    helpOf(script('up-distributed')),
    ledgerctlPart(main('ledgerctl')),
    ...scripts.map((name) => helpOf(script(name))),
  ]);
  const parts = scripts.map((name, index) => `### npm run ${name}\n\n${others[index]}`);
  return { up, 'up:distributed': distributed, ledgerctl, scripts: parts.join('\n\n') };
}

/** The file of an npm script. */
const fileOf = (name) =>
  ({ style: 'check-style', 'check:compatibility': 'check-compatibility' })[name] ?? name;

async function ledgerctlPart(main) {
  const all = await helpOf(main);
  const commands = commandsIn(all);
  const helps = await Promise.all(commands.map((command) => helpOf(main, command)));
  return [all, ...commands.map((command, index) => `### ledgerctl ${command}\n\n${helps[index]}`)].join(
    '\n\n',
  );
}
