import { fstatSync, renameSync, statSync } from 'node:fs';
import process from 'node:process';
import { destination } from 'pino';

type Destination = ReturnType<typeof destination>;

/** Lines are written together, once they are so many bytes … */
const batchBytes = 4_096;
/** … or so old. */
const flushMs = 200;
/** From this level on (a warning) a line is written at once: the last one before a crash is the one that matters. */
const urgentLevel = 40;
/** A log file that has grown beyond this becomes `<file>.1`, in the place of the one before. */
const fileBytesMax = 64 * 1_024 * 1_024;
const fileCheckMs = 5_000;
const standardError = 2;

/**
 * Where lines go: standard error, or a file, and then what is urgent to standard error too. Lines below a warning are written in batches, so that a line
 * for every request is cheap; a kill -9 loses the last fraction of a second of them.
 */
export class LogSink {
  /** Set by pino before each line, because of the symbol below. */
  lastLevel = 0;
  private out: Destination | undefined;
  private file: string | undefined;

  constructor() {
    Object.defineProperty(this, Symbol.for('pino.metadata'), { value: true });
  }

  write(line: string): void {
    (this.out ?? this.open()).write(line);
    if (this.lastLevel < urgentLevel) return;
    if (this.file !== undefined) process.stderr.write(line);
    this.flushSync();
  }

  /** From now on lines go to this file, which is made with its folder. @throws the file system's error as it is */
  useFile(file: string, checkMs = fileCheckMs): void {
    this.flushSync();
    const out = destination({ dest: file, mkdir: true, sync: true, mode: 0o600 });
    out.end();
    this.file = file;
    this.open();
    setInterval(() => this.turnOver(file), checkMs).unref();
  }

  flushSync(): void {
    try {
      this.out?.flushSync();
    } catch {
      // Nobody reads standard error any more, or the disk is full: there is nowhere to say so.
    }
  }

  private open(): Destination {
    const out = destination({ dest: this.file ?? standardError, sync: false, minLength: batchBytes });
    out.on('error', () => undefined);
    setInterval(() => out.flush(() => undefined), flushMs).unref();
    process.once('exit', () => this.flushSync());
    this.out = out;
    return out;
  }

  /** A file that is large gets another name. One that was moved away, by us in another thread or by an operator, is recreated. */
  private turnOver(file: string): void {
    const { out } = this;
    if (out === undefined) return;
    try {
      const { ino, size } = statSync(file);
      const isOurs = fstatSync((out as unknown as { readonly fd: number }).fd).ino === ino;
      if (isOurs && size < fileBytesMax) return;
      if (isOurs) renameSync(file, `${file}.1`);
    } catch {
      // It is not there.
    }
    out.reopen(file);
  }
}
