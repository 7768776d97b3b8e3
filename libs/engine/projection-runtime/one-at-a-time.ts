/** Runs what is given one after the other. */
export class OneAtATime {
  private last: Promise<void> = Promise.resolve();

  async run<T>(work: () => Promise<T>): Promise<T> {
    const before = this.last;
    let done = (): void => undefined;
    this.last = new Promise((resolve) => (done = resolve));
    await before;
    return work().finally(done);
  }
}
