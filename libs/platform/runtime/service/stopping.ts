import type { Logger } from '@fintech-ledger/logging';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that is told to stop has ended after this long, whatever hangs: compose and Kubernetes give it 30 s. */
export const stopMsMax = 9_500;
/** What each part that is yet to be closed has at least. */
const reserveMsUsual = 150;
/** Commands that are under way have so long. */
export const commandsMsMax = 6_000;
/** A collector of traces that does not answer has so long. */
export const tracingMsMax = 3_000;

/** A part of a process that is closed when it stops. */
export interface Closer {
  readonly name: string;
  /** @param withinMs how long it may take: after that it is left as it is */
  readonly close: (withinMs: number) => Promise<unknown>;
  /** The most that it may take, however much time there is. */
  readonly msMax?: number;
  /** What those before it must leave it. */
  readonly reserveMs?: number;
  /** What is under way in it, for the log when it is cut off. */
  readonly underWay?: () => object;
}

type StopLog = Pick<Logger, 'info' | 'warn' | 'error' | 'fatal'>;

/**
 * Closes parts one after the other. One that hangs is left, so that the next ones still give up their leases, flush
 * their logs and stop their servers.
 * @param sinceMs when the process was told to stop (`performance.now()`)
 * @returns the names of those that did not close in time, or failed
 */
export async function stopInOrder(
  closers: readonly Closer[],
  log: StopLog,
  sinceMs: number = performance.now(),
  allMs: number = stopMsMax,
): Promise<readonly string[]> {
  const cut: string[] = [];
  for (const [at, closer] of closers.entries()) {
    const reserved = closers
      .slice(at + 1)
      .reduce((sum, { reserveMs = reserveMsUsual }) => sum + reserveMs, 0);
    const leftMs = sinceMs + allMs - performance.now() - reserved;
    const withinMs = Math.min(closer.msMax ?? Infinity, Math.max(reserveMsUsual, leftMs));
    if (!(await closed(closer, withinMs, log))) cut.push(closer.name);
  }
  const ms = Math.round(performance.now() - sinceMs);
  if (cut.length === 0) log.info({ ms }, 'stopped');
  else log.error({ cut, ms }, 'stopped: cut off what did not close in time');
  return cut;
}

async function closed({ name, close, underWay }: Closer, withinMs: number, log: StopLog): Promise<boolean> {
  const waiting = new AbortController();
  const late = sleep(withinMs, 'late' as const, { signal: waiting.signal }).catch(() => 'late' as const);
  try {
    const outcome = await Promise.race([close(withinMs).then(() => 'closed' as const), late]);
    if (outcome === 'closed') return true;
    log.warn(
      { part: name, ms: Math.round(withinMs), ...underWay?.() },
      'stopping: cut off a part that hangs',
    );
    return false;
  } catch (err) {
    log.error({ part: name, err }, 'stopping: a part could not be closed');
    return false;
  } finally {
    waiting.abort();
  }
}

/** Ends the process soon after the time for stopping has passed, wherever it hangs: also while it is still starting. */
export function endInTime(signal: AbortSignal, log: StopLog): void {
  signal.addEventListener('abort', () => {
    setTimeout(() => {
      log.fatal({ ms: stopMsMax }, 'stopping took too long: cut off all that was left');
      process.exit(1);
    }, stopMsMax).unref();
  });
}
