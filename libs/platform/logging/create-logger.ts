import { pino } from 'pino';
import type { Logger as PinoLogger } from 'pino';
import { LogSink } from './log-sink';

/** Structured logs: `log.info({ ledgerId }, 'sentence')`. */
export type Logger = Pick<
  PinoLogger,
  'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child' | 'isLevelEnabled'
>;

/** Of this process (in a worker thread: of the thread): all its loggers write to one place. */
const sink = new LogSink();

/**
 * A logger that writes JSON lines to standard error (standard output belongs to what a program was asked for), or to the file of `logToFile`. Warnings and
 * worse are written at once, other lines in batches of a fifth of a second at most, and at the process's end.
 * @param level `trace` to `fatal`, or `silent`
 */
export function createLogger(level: string, name: string): Logger {
  const options = { level, name, timestamp: () => `,"time":"${new Date().toISOString()}"` };
  return pino(options, sink);
}

/**
 * From now on every logger writes to this file, and warnings and worse to standard error too.
 * @param checkMs how often it is checked whether the file was moved or has grown large
 * @throws the file system's error
 */
export function logToFile(file: string, checkMs?: number): void {
  sink.useFile(file, checkMs);
}
