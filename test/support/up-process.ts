import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

export const repositoryRoot = path.resolve(__dirname, '../..');

/** How long a start that fails may take; a first build on a busy machine takes a minute. */
const patienceMs = 100_000;

export interface Announcement {
  readonly url: string;
  readonly api_key: string;
  readonly sandbox_api_key: string;
  readonly data_dir: string;
  readonly pid: number;
}

/** `npm run up -- --json` as a child process, started without npm. */
export class UpProcess {
  stdout = '';
  stderr = '';
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(parameters: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const script = path.join(repositoryRoot, 'scripts', 'up.mjs');
    this.child = spawn(process.execPath, [script, '--json', ...parameters], {
      env: { ...process.env, DATABASE_URL: '', DATA_DIR: '', PORT: '', LOG_LEVEL: '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }

  /** Resolves with what it printed when it is ready. @throws Error it ended before that */
  async ready(): Promise<Announcement> {
    for (let isOver = false; !this.stdout.includes('\n');) {
      if (isOver) throw new Error(`up ended before it was ready: ${this.stderr}`);
      isOver = await Promise.race([
        this.ended.then(() => true),
        new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 20)),
      ]);
    }
    return JSON.parse(this.stdout) as Announcement;
  }

  /** Sends a signal and resolves with the exit code: null when the signal itself ended it. */
  async end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }

  /** What its threads and its children do, where Linux says it. */
  private waitsFor(): string {
    const shown = spawnSync('ps', ['-eLo', 'pid,ppid,lwp,stat,wchan:24,etimes,time,args'], {
      encoding: 'utf8',
    });
    const lines = (shown.stdout ?? '').split('\n');
    return `\n${lines.filter((line) => line.includes(String(this.child.pid))).join('\n')}`;
  }

  /** Resolves with its exit code and the one sentence it gave for not starting. @throws Error it goes on, with what it does */
  async failure(): Promise<{ code: number | null; sentence: string; stdout: string }> {
    const patience = delay(patienceMs, undefined, { ref: false });
    const code = await Promise.race([this.ended, patience]);
    if (code === undefined)
      throw new Error(`up has not ended: ${this.stdout}${this.stderr}${this.waitsFor()}`);
    const line = this.stderr.split('\n').find((text) => text.startsWith('fintech-ledger: ')) ?? '';
    return { code, sentence: line.replace('fintech-ledger: ', ''), stdout: this.stdout };
  }
}
