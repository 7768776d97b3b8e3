import { CommandOutcomeUnknown } from '@fintech-ledger/journal';

export interface OwnerDirectory {
  ownerOf(stream: string): Promise<string | undefined>;
  /** Where all living writers are reached. */
  owners(): Promise<readonly string[]>;
}

interface Waiting {
  readonly stream: string;
  readonly address: string;
  readonly since: number;
  readonly lose: (reason: Error) => void;
}

/**
 * Looks after commands that their writer does not answer. One that is cut off from its store answers nobody for long, while the lease has expired
 * and another one can take its place.
 */
export class OwnerWatch {
  private readonly waiting = new Set<Waiting>();
  private timer: NodeJS.Timeout | undefined;

  /** @param everyMs how often it looks; commands that wait for less are left alone */
  constructor(
    private readonly directory: OwnerDirectory,
    private readonly everyMs: number,
  ) {}

  /** The answer of the writer at `address`. @throws CommandOutcomeUnknown the stream is not its any more · what `answer` throws */
  over<T>(stream: string, address: string, answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const one = { stream, address, since: performance.now(), lose: reject };
      this.waiting.add(one);
      this.schedule();
      answer.then(resolve, reject).finally(() => this.waiting.delete(one));
    });
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => {
      void this.look().finally(() => {
        this.timer = undefined;
        if (this.waiting.size > 0) this.schedule();
      });
    }, this.everyMs).unref();
  }

  private async look(): Promise<void> {
    const before = performance.now() - this.everyMs;
    const long = [...this.waiting].filter(({ since }) => since <= before);
    const places = new Map(long.map(({ stream, address }) => [`${stream} ${address}`, { stream, address }]));
    for (const { stream, address } of places.values()) {
      if (!(await this.isLost(stream, address))) continue;
      const reason = new CommandOutcomeUnknown(`${address} had not answered when it lost ${stream}`);
      for (const one of long) if (one.stream === stream && one.address === address) one.lose(reason);
    }
  }

  /** Who has no lease yet may be about to take it, as long as it is alive. While nobody can tell, nothing is lost. */
  private async isLost(stream: string, address: string): Promise<boolean> {
    try {
      const owner = await this.directory.ownerOf(stream);
      if (owner !== undefined) return owner !== address;
      return !(await this.directory.owners()).includes(address);
    } catch {
      return false;
    }
  }
}
