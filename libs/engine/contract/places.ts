/** So many at a time; the others wait for their turn, in their order. */
export class Places {
  private readonly waiting: (() => void)[] = [];

  /** @param free how many there are */
  constructor(private free: number) {}

  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((go) => this.waiting.push(go));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}
