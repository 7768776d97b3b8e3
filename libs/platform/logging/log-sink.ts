import { fstatSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
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
const fileMode = 0o600;
const standardError = 2;

/**
 * Where lines go: standard error, or a file, and then what is urgent to standard error too. Lines below a warning are written in batches, so that a line
 * for every request is cheap; a kill -9 loses the last fraction of a second of them.
 */
export class LogSink {
  /** Set by pino before each line, because of the symbol below. */
  lastLevel = 0;
  private out: Destination | undefined;
  private descriptor = standardError;
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
    mkdirSync(dirname(file), { recursive: true });
    this.switchTo(openSync(file, 'a', fileMode));
    this.file = file;
    setInterval(() => this.turnOver(file), checkMs).unref();
  }

  flushSync(): void {
    try {
      this.out?.flushSync();
    } catch {
      // Nobody reads standard error any more, or the disk is full: there is nowhere to say so.
    }
  }

  private open(descriptor = standardError): Destination {
    const out = destination({ dest: descriptor, sync: false, minLength: batchBytes });
    out.on('error', () => undefined);
    if (this.out === undefined) {
      setInterval(() => this.out?.flush(() => undefined), flushMs).unref();
      process.once('exit', () => this.flushSync());
    }
    this.descriptor = descriptor;
    this.out = out;
    return out;
  }

  /** Between two lines, so that each line is in the file that had the name when it was written. */
  private switchTo(descriptor: number): void {
    const before = this.out;
    this.flushSync();
    this.open(descriptor);
    before?.end();
  }

  /** A file that is large gets another name. One that was moved away, by us in another thread or by an operator, is recreated. */
  private turnOver(file: string): void {
    try {
      if (this.isStillAt(file)) {
        if (statSync(file).size < fileBytesMax) return;
        renameSync(file, `${file}.1`);
      }
      this.switchTo(openSync(file, 'a', fileMode));
    } catch {
      // The folder is gone, or there are no descriptors left: the open file goes on, and it is tried again.
    }
  }

  private isStillAt(file: string): boolean {
    const found = statSync(file, { throwIfNoEntry: false });
    return found !== undefined && found.ino === fstatSync(this.descriptor).ino;
  }
}
