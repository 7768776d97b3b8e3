// Starts processes one after the other, joins their logs, and ends all of them with this one.
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { root } from './prepare.mjs';

const colours = [36, 33, 35, 32, 34, 31];
const stopTimeoutMs = 20_000;

/** The processes of one distributed set. */
export class ProcessSet {
  #children = [];
  #isStopping = false;
  /** @param onLost called when a process ends that was not asked to */
  constructor(onLost) {
    this.onLost = onLost;
  }

  /** Starts a Node script; resolves with its JSON line "ready". Its standard error goes into the common log. */
  async start(name, script, { parameters = [], environment = {} } = {}) {
    const number = this.#children.length;
    const child = spawn(
      process.execPath,
      // As `npm run up`: most of what a process allocates is garbage soon.
      [
        '--max-semi-space-size=64',
        path.join(root, 'scripts', 'lib', 'guarded.mjs'),
        path.join(root, script),
        ...parameters,
      ],
      {
        cwd: root,
        env: { ...process.env, ...environment },
        // The fourth is a pipe of which we hold the other end: a process ends itself when it closes, that is, when we are gone.
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
        // Ctrl-C is sent to all of a terminal's processes: who stops first is decided here.
        detached: true,
      },
    );
    const entry = {
      name,
      child,
      ended: new Promise((resolve) => child.once('exit', (code) => resolve(code))),
    };
    this.#children.push(entry);
    createInterface({ input: child.stderr }).on('line', (line) => log(number, name, line));
    const lines = createInterface({ input: child.stdout });
    const line = new Promise((resolve) => lines.once('line', resolve));
    const first = await Promise.race([line, entry.ended.then(() => undefined)]);
    if (first === undefined) throw new Error(`${name} did not start: what it said is above`);
    void entry.ended.then((code) => {
      if (!this.#isStopping) this.onLost(`${name} ended by itself with ${code}`);
    });
    const ready = JSON.parse(first);
    // Not the line itself: it may hold a password or a key.
    log(number, name, `ready${ready.health === undefined ? '' : `, health at ${ready.health}`}`);
    return ready;
  }

  /** Stops them one after the other, the last one that was started first. */
  async stop() {
    this.#isStopping = true;
    for (const { child, ended } of this.#children.splice(0).reverse()) {
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
