import { destination, pino } from 'pino';
import type { Logger as PinoLogger } from 'pino';

/** Structured logs: `log.info({ ledgerId }, 'sentence')`. */
export type Logger = Pick<PinoLogger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child'>;

/**
 * A logger that writes JSON lines to standard error (standard output belongs to what a program was asked for).
 * Written at once: the last line before a crash is the one that matters.
 * @param level `trace` to `fatal`, or `silent`
 */
export function createLogger(level: string, name: string): Logger {
  const options = { level, name, timestamp: () => `,"time":"${new Date().toISOString()}"` };
  return pino(options, destination({ dest: 2, sync: true }));
}
