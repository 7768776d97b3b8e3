/** Waiting that can be cut short for good. */
export class Pause {
  private ended = false;
  private readonly wakers = new Set<() => void>();

  get isEnded(): boolean {
    return this.ended;
  }

  async forMs(delayMs: number): Promise<void> {
    if (this.ended) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, delayMs);
      this.wakers.add(wake);
    });
  }

  /** Ends the waits of now, not later ones. */
  wake(): void {
    for (const wake of [...this.wakers]) wake();
  }

  end(): void {
    this.ended = true;
    this.wake();
  }
}
