// docs/reference/cli.md: what each program says to --help.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';

/** Columns of a terminal. */
const width = 120;

/**
 * What a program says to `--help`, as a block.
 * @param {string} script
 * @param {string[]} parameters
 * @returns {Promise<string>}
 */
export async function helpOf(script, ...parameters) {
  const child = spawn(process.execPath, [script, ...parameters, '--help'], {
    env: { ...process.env, COLUMNS: `${width}`, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if ((await ended) !== 0) throw new Error(`${script} --help failed: ${err}`);
  return asBlock(out || err);
}

const asBlock = (/** @type {string} */ help) => ['```text', help.trim(), '```'].join('\n');

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
  const [up, distributed, ...others] = await Promise.all([
    helpOf(main('standalone')),
    helpOf(script('up-distributed')),

    ...scripts.map((name) => helpOf(script(name))),
  ]);
  const parts = scripts.map((name, index) => `### npm run ${name}\n\n${others[index]}`);
  const ledgerctl = ledgerctlPart(path.join(root, 'dist', 'apps', 'ledgerctl', 'src', 'program.js'));
  return { up, 'up:distributed': distributed, ledgerctl, scripts: parts.join('\n\n') };
}

/** The file of an npm script. */
const fileOf = (name) =>
  ({ style: 'check-style', 'check:compatibility': 'check-compatibility' })[name] ?? name;

/**
 * In one process, because there are many commands.
 * @param {string} program the file that has them
 */
function ledgerctlPart(program) {
  const all = createRequire(import.meta.url)(program).ledgerctl();
  const helpOf = (/** @type {import('commander').Command} */ command) => {
    command.configureOutput({ getOutHelpWidth: () => width });
    return asBlock(command.helpInformation());
  };
  return [
    helpOf(all),
    ...all.commands.map((command) => `### ledgerctl ${command.name()}\n\n${helpOf(command)}`),
  ].join('\n\n');
}
