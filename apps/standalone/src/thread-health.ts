/** How often the thread says how it is. */
export const healthMs = 1_000;
/** Without a word for so long something is wrong with it … */
const silentMs = 15_000;
/** … and for so long it is started again. */
const deadMs = 60_000;

/** What is known of a thread: what it says of itself, and when it last did. */
export class ThreadHealth {
  private heardAt: number;
  private said: string | undefined;

  constructor(private readonly nowMs: () => number = () => performance.now()) {
    this.heardAt = nowMs();
  }

  /** @param said null: all goes well */
  heard(said: string | null): void {
    this.heardAt = this.nowMs();
    this.said = said ?? undefined;
  }

  /** It does not answer any more. */
  get isDead(): boolean {
    return this.silenceMs > deadMs;
  }

  problem(): string | undefined {
    if (this.silenceMs <= silentMs) return this.said;
    return `nothing was heard of the projector thread for ${Math.round(this.silenceMs / 1_000)} s`;
  }

  private get silenceMs(): number {
    return this.nowMs() - this.heardAt;
  }
}
