import type { CheckpointStore, DueSearch, DueStreams, Ownership } from '@fintech-ledger/journal';

/**
 * What leases tell, of processes that all believe to own the ledger: who has taken it and not given it up, so that what a killed one wrote
 * and did not save is looked after.
 */
export class SimulatedOwners implements DueStreams {
  private readonly holders = new Map<string, Set<number>>();
  private readonly gone = new Set<number>();

  constructor(private readonly checkpoints: Pick<CheckpointStore, 'loadDue'>) {}

  /** @param process its number, never used again */
  ownershipOf(process: number): Ownership {
    return {
      acquire: async (stream) => {
        const holders = this.holders.get(stream) ?? new Set();
        for (const holder of holders) if (this.gone.has(holder)) holders.delete(holder);
        this.holders.set(stream, holders.add(process));
        return { kind: 'held' };
      },
      release: async (stream) => void this.holders.get(stream)?.delete(process),
      // Others that believe to own it may have written meanwhile.
      holds: () => false,
      confirms: () => Promise.resolve(true),
      onLost: () => undefined,
    };
  }

  /** The process was killed, or has ended. */
  ended(process: number): void {
    this.gone.add(process);
  }

  async find({ now, running, failing }: DueSearch): Promise<readonly string[]> {
    const found: string[] = [];
    for (const [stream, holders] of this.holders) {
      if (failing.includes(stream)) continue;
      const isOrphan = [...holders].some((holder) => this.gone.has(holder));
      const [first] = running.includes(stream) ? [] : await this.checkpoints.loadDue(stream, 1);
      if (isOrphan || (first !== undefined && first.dueAt <= now)) found.push(stream);
    }
    return found;
  }
}
