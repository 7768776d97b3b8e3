/** Something that lines are about, without how often. */
export interface Noted {
  /** The id of the API key. */
  readonly actor: string;
}
type Counted<T> = T & { readonly count: number };

interface LineBounds<T> {
  /** Lines in a second of one key, of what is alike; what comes beyond them is counted in one. */
  readonly ofSecondMax: number;
  /** Lines that wait to be written; what comes beyond them is counted, too. */
  readonly waitingMax: number;
  /** What makes those of one key alike. */
  readonly kindOf: (noted: T) => string;
}

/** What is to be written of one organization. */
interface LinesOf<T> {
  readonly organizationId: string;
  readonly lines: readonly Counted<T>[];
}

/** One second of what is alike. */
interface Window<T> {
  readonly organizationId: string;
  readonly second: number;
  lines: number;
  /** What came beyond the lines, counted in one. */
  over: Counted<T> | undefined;
}

/**
 * What was refused, or done, and waits to be written. What comes beyond the lines of a second is one line with a count,
 * and so is what comes while too many wait. So memory is bounded by the number of keys and of kinds, and none is lost
 * as long as the process lives.
 */
export class WaitingLines<T extends Noted> {
  private readonly windows = new Map<string, Window<T>>();
  private readonly waiting = new Map<string, Counted<T>[]>();
  private waitingCount = 0;

  constructor(private readonly bounds: LineBounds<T>) {}

  note(organizationId: string, noted: T, nowMs: number): void {
    const second = Math.floor(nowMs / 1_000);
    const window = this.windowOf(organizationId, noted, second);
    if (window.lines < this.bounds.ofSecondMax && this.waitingCount < this.bounds.waitingMax) {
      window.lines += 1;
      this.push(organizationId, { ...noted, count: 1 });
    } else window.over = { ...(window.over ?? noted), count: (window.over?.count ?? 0) + 1 };
  }

  /**
   * Takes out all that is over.
   * @param nowMs absent: what is counted still is taken too @param except organizations whose lines stay
   */
  take(nowMs = Number.POSITIVE_INFINITY, except: ReadonlySet<string> = new Set()): readonly LinesOf<T>[] {
    const second = Math.floor(nowMs / 1_000);
    for (const [name, window] of this.windows) {
      if (window.second >= second) continue;
      this.close(window);
      this.windows.delete(name);
    }
    const taken: LinesOf<T>[] = [];
    for (const [organizationId, lines] of this.waiting) {
      if (except.has(organizationId)) continue;
      taken.push({ organizationId, lines });
      this.waiting.delete(organizationId);
      this.waitingCount -= lines.length;
    }
    return taken;
  }

  private windowOf(organizationId: string, noted: T, second: number): Window<T> {
    const name = `${noted.actor}\n${this.bounds.kindOf(noted)}`;
    const known = this.windows.get(name);
    // While too many wait, no second is over: what is counted would only be more lines.
    if (known !== undefined && (known.second === second || this.waitingCount >= this.bounds.waitingMax))
      return known;
    if (known !== undefined) this.close(known);
    const opened: Window<T> = { organizationId, second, lines: 0, over: undefined };
    this.windows.set(name, opened);
    return opened;
  }

  private close({ organizationId, over }: Window<T>): void {
    if (over !== undefined) this.push(organizationId, over);
  }

  private push(organizationId: string, line: Counted<T>): void {
    const known = this.waiting.get(organizationId);
    if (known === undefined) this.waiting.set(organizationId, [line]);
    else known.push(line);
    this.waitingCount += 1;
  }
}
