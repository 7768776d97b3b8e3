// Starts processes one after the other, joins their logs, and ends all of them with this one.
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { nodeOptions } from './node-options.mjs';
import { root } from './prepare.mjs';

const colours = [36, 33, 35, 32, 34, 31];
const stopTimeoutMs = 20_000;
const restartMs = 500;

/** The processes of one distributed set. One that ends without being asked to is started again. */
export class ProcessSet {
  #entries = [];
  #isStopping = false;

  /**
   * Starts a Node script; resolves with its JSON line "ready". Its standard error goes into the common log.
   * @param {string} name
   * @param {string} script
   * @param {{ parameters?: string[], environment?: object, again?: (ready: any) => { parameters?: string[], environment?: object } }} [settings]
   * again: from the line: parameters and environment with which it is where it was when it has to be started again
   */
  async start(name, script, { parameters = [], environment = {}, again = () => ({}) } = {}) {
    const entry = { name, script, parameters, environment, number: this.#entries.length };
    this.#entries.push(entry);
    const ready = await this.#launch(entry);
    const next = again(ready);
    entry.parameters = next.parameters ?? parameters;
    entry.environment = { ...environment, ...next.environment };
    return ready;
  }

  async #launch(entry) {
    const { name, script, parameters, environment, number } = entry;
    const command = [...nodeOptions, path.join(root, 'scripts', 'lib', 'guarded.mjs')];
    const child = spawn(process.execPath, [...command, path.join(root, script), ...parameters], {
      cwd: root,
      env: { ...process.env, ...environment },
      // The fourth is a pipe of which we hold the other end: a process ends itself when it closes, that is, when we are gone.
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      // Ctrl-C is sent to all of a terminal's processes: who stops first is decided here.
      detached: true,
    });
    entry.child = child;
    entry.ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    const { stdout, stderr } =
      /** @type {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} */ (
        /** @type {unknown} */ (child)
      );
    createInterface({ input: stderr }).on('line', (line) => log(number, name, line));
    const lines = createInterface({ input: stdout });
    const line = new Promise((resolve) => lines.once('line', resolve));
    const first = await Promise.race([line, entry.ended.then(() => undefined)]);
    if (first === undefined) throw new Error(`${name} did not start: what it said is above`);
    const ready = JSON.parse(first);
    // Not the line itself: it may hold a password or a key.
    log(number, name, `ready${ready.health === undefined ? '' : `, health at ${ready.health}`}`);
    void entry.ended.then((code) => this.#restart(entry, `ended on its own with ${code}`));
    return ready;
  }

  async #restart(entry, reason) {
    if (this.#isStopping) return;
    log(entry.number, entry.name, `${reason}: starting it again`);
    await delay(restartMs);
    if (this.#isStopping) return;
    await this.#launch(entry).catch((error) => this.#restart(entry, error.message));
  }

  /** Stops them one after the other, the last one that was started first. */
  async stop() {
    this.#isStopping = true;
    for (const { child, ended } of this.#entries.splice(0).reverse()) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
      await ended;
      clearTimeout(timer);
    }
  }
}

function log(number, name, line) {
  const label = name.padEnd(10);
  const painted = process.stderr.isTTY
    ? `\u001b[${colours[number % colours.length]}m${label}\u001b[0m`
    : label;
  process.stderr.write(`${painted} ${line}\n`);
}
