/** Those who wait until something is so. */
export class Waiters {
  private waiting: (() => void)[] = [];

  /** Something has changed. */
  wake(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }

  /** Resolves when it is so, or the time is over. @param endAt by `performance.now()` */
  async until(isSo: () => boolean, endAt: number): Promise<void> {
    while (!isSo() && performance.now() < endAt) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
        timer = setTimeout(resolve, Math.max(endAt - performance.now(), 0));
      });
      clearTimeout(timer);
    }
  }
}
