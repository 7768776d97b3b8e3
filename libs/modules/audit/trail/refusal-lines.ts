import type { RefusedAttempt } from '@fintech-ledger/audit/domain';
import { refusalLinesMax, refusalsWaitingMax } from './limits';

/** What was refused, without how often. */
export type Refusal = Omit<RefusedAttempt, 'count'>;

/** What is to be written of one organization. */
export interface WaitingRefusals {
  readonly organizationId: string;
  readonly attempts: readonly RefusedAttempt[];
}

/** One second of one key and one code. */
interface Window {
  readonly organizationId: string;
  readonly second: number;
  lines: number;
  /** What came beyond the lines, counted in one. */
  over: RefusedAttempt | undefined;
}

/**
 * Refused attempts that wait to be written. Of one key and one code it takes ten lines a second; what comes beyond them
 * is one line with a count, and so is what comes while too many wait. So memory is bounded by the number of keys and
 * codes, and none is lost as long as the process lives.
 */
export class RefusalLines {
  private readonly windows = new Map<string, Window>();
  private readonly waiting = new Map<string, RefusedAttempt[]>();
  private waitingCount = 0;

  note(organizationId: string, refusal: Refusal, nowMs: number): void {
    const second = Math.floor(nowMs / 1_000);
    const window = this.windowOf(organizationId, refusal, second);
    if (window.lines < refusalLinesMax && this.waitingCount < refusalsWaitingMax) {
      window.lines += 1;
      this.push(organizationId, { ...refusal, count: 1 });
    } else window.over = { ...(window.over ?? refusal), count: (window.over?.count ?? 0) + 1 };
  }

  /**
   * Takes out all that is over.
   * @param nowMs absent: what is counted still is taken too @param except organizations whose refusals stay
   */
  take(
    nowMs = Number.POSITIVE_INFINITY,
    except: ReadonlySet<string> = new Set(),
  ): readonly WaitingRefusals[] {
    const second = Math.floor(nowMs / 1_000);
    for (const [name, window] of this.windows) {
      if (window.second >= second) continue;
      this.close(window);
      this.windows.delete(name);
    }
    const taken: WaitingRefusals[] = [];
    for (const [organizationId, attempts] of this.waiting) {
      if (except.has(organizationId)) continue;
      taken.push({ organizationId, attempts });
      this.waiting.delete(organizationId);
      this.waitingCount -= attempts.length;
    }
    return taken;
  }

  private windowOf(organizationId: string, { actor, code }: Refusal, second: number): Window {
    const name = `${actor}\n${code}`;
    const known = this.windows.get(name);
    // While too many wait, no second is over: what is counted would only be more lines.
    if (known !== undefined && (known.second === second || this.waitingCount >= refusalsWaitingMax))
      return known;
    if (known !== undefined) this.close(known);
    const opened: Window = { organizationId, second, lines: 0, over: undefined };
    this.windows.set(name, opened);
    return opened;
  }

  private close({ organizationId, over }: Window): void {
    if (over !== undefined) this.push(organizationId, over);
  }

  private push(organizationId: string, attempt: RefusedAttempt): void {
    const known = this.waiting.get(organizationId);
    if (known === undefined) this.waiting.set(organizationId, [attempt]);
    else known.push(attempt);
    this.waitingCount += 1;
  }
}
