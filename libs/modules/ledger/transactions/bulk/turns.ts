export interface Turn {
  /** Resolves when all before it have ended; undefined: they have. */
  readonly before: Promise<void> | undefined;
  /** Lets the next one go on. Again: nothing. */
  readonly end: () => void;
}

/** Work that is prepared side by side, and goes on in the order in which its turns were taken. */
export class Turns {
  private last: Promise<void> | undefined;

  take(): Turn {
    const before = this.last;
    let resolve = (): void => undefined;
    const mine = new Promise<void>((ended) => (resolve = ended));
    this.last = mine;
    const end = (): void => {
      if (this.last === mine) this.last = undefined;
      resolve();
    };
    // What ends before its turn has come, such as a line that is none, must not let the next one pass those before it.
    return { before, end: before === undefined ? end : () => void before.then(end) };
  }
}
