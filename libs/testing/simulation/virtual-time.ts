import timersPromises from 'node:timers/promises';

interface Timer {
  atMs: number;
  readonly order: number;
  readonly fire: () => void;
  readonly everyMs: number | undefined;
  isCancelled: boolean;
}

const realSetImmediate = setImmediate;
/** Who asks for turns without end does not keep time from passing. */
const turnsAtOnce = 100;

/**
 * Time that passes only when everything has come to rest: a run takes no longer than its work, and its order depends on nothing but
 * itself. While installed it stands in for the timers of this process, so it wants a process of its own.
 */
export class VirtualTime {
  /** Milliseconds since it was made. */
  nowMs = 0;
  private readonly timers: Timer[] = [];
  /** Turns of the event loop that were asked for and have not come. */
  private turnsAhead = 0;
  private made = 0;

  /** Puts itself in the place of the process's timers. */
  install(): void {
    const set =
      (everyMs: (ms: number) => number | undefined) =>
      (fire: (...a: unknown[]) => void, ms = 0, ...a: unknown[]) =>
        this.add(() => fire(...a), ms, everyMs(ms));
    const clear = (timer: { cancel?: () => void } | undefined): void => timer?.cancel?.();
    replace(
      globalThis,
      'setTimeout',
      set(() => undefined),
    );
    replace(
      globalThis,
      'setInterval',
      set((ms) => Math.max(ms, 1)),
    );
    replace(globalThis, 'setImmediate', (run: (...a: unknown[]) => void, ...a: unknown[]) => {
      this.turnsAhead += 1;
      return realSetImmediate(() => {
        this.turnsAhead -= 1;
        run(...a);
      });
    });
    replace(globalThis, 'clearTimeout', clear);
    replace(globalThis, 'clearInterval', clear);
    replace(performance, 'now', () => this.nowMs);
    replace(timersPromises, 'setTimeout', (ms?: number, value?: unknown) => this.sleep(ms ?? 0, value));
  }

  sleep<T>(ms: number, value?: T): Promise<T | undefined> {
    return new Promise((resolve) => void this.add(() => resolve(value), ms, undefined));
  }

  /** Lets time pass until `isOver`. @throws Error when nothing is left that could happen, or after `hoursMax` */
  async run(isOver: () => boolean, hoursMax: number): Promise<void> {
    for (;;) {
      await this.rest();
      if (isOver()) return;
      const timer = this.next();
      if (timer === undefined) throw new Error('nothing happens any more');
      this.nowMs = Math.max(this.nowMs, timer.atMs);
      if (this.nowMs > hoursMax * 3_600_000) throw new Error(`it is not over after ${hoursMax} hours`);
      if (timer.everyMs !== undefined) this.schedule({ ...timer, atMs: this.nowMs + timer.everyMs }, timer);
      timer.fire();
    }
  }

  /** A long computation takes many turns, and no time. */
  private async rest(): Promise<void> {
    let turns = 0;
    do {
      await new Promise((rested) => realSetImmediate(rested));
      turns += 1;
    } while (this.turnsAhead > 0 && turns < turnsAtOnce);
  }

  private add(fire: () => void, ms: number, everyMs: number | undefined) {
    const atMs = this.nowMs + Math.max(Number.isFinite(ms) ? ms : 0, 0);
    const timer: Timer = { atMs, order: (this.made += 1), fire, everyMs, isCancelled: false };
    this.timers.push(timer);
    const handle = {
      cancel: () => (timer.isCancelled = true),
      unref: () => handle,
      ref: () => handle,
      hasRef: () => true,
    };
    return handle;
  }

  /** An interval stays the same timer, so that it can be cancelled. */
  private schedule({ atMs }: Timer, timer: Timer): void {
    timer.atMs = atMs;
    this.timers.push(timer);
  }

  private next(): Timer | undefined {
    let best = -1;
    for (let i = this.timers.length - 1; i >= 0; i -= 1) {
      const timer = this.timers[i] as Timer;
      if (timer.isCancelled) {
        this.timers[i] = this.timers.at(-1) as Timer;
        this.timers.pop();
        if (best === this.timers.length) best = i;
        continue;
      }
      const first = this.timers[best];
      if (!first || timer.atMs < first.atMs || (timer.atMs === first.atMs && timer.order < first.order))
        best = i;
    }
    return best < 0 ? undefined : this.timers.splice(best, 1)[0];
  }
}

function replace(owner: object, name: string, value: unknown): void {
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
}
