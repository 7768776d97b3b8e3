import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

export const repositoryRoot = path.resolve(__dirname, '../..');

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

  /** Resolves with its exit code and the one sentence it gave for not starting. */
  async failure(): Promise<{ code: number | null; sentence: string; stdout: string }> {
    const code = await this.ended;
    const line = this.stderr.split('\n').find((text) => text.startsWith('fintech-ledger: ')) ?? '';
    return { code, sentence: line.replace('fintech-ledger: ', ''), stdout: this.stdout };
  }
}
