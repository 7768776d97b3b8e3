import type { Sql } from '@fintech-ledger/postgres';
import { selectCheckpoints } from './checkpoints';
import { knownStreamsMax } from './limits';

/**
 * The revisions that a projection has reached or is about to reach, so that the next batch can be folded while the last one is being
 * committed. Only a belief: the compare-and-set in the transaction decides.
 */
export class KnownRevisions {
  private readonly known = new Map<string, number>();

  constructor(private readonly projection: string) {}

  /** Reads what is not known of these streams. */
  async load(sql: Sql, streams: Iterable<string>): Promise<void> {
    const missing = [...streams].filter((stream) => !this.known.has(stream));
    if (missing.length === 0) return;
    const stored = await selectCheckpoints(sql, this.projection, missing);
    for (const stream of missing) this.known.set(stream, stored.get(stream) ?? -1);
  }

  get isFull(): boolean {
    return this.known.size > knownStreamsMax;
  }

  /** Only while no batch is on its way: what that one has reached is in no table yet. */
  clear(): void {
    this.known.clear();
  }

  get(stream: string): number {
    return this.known.get(stream) ?? -1;
  }

  set(stream: string, revision: number): void {
    this.known.set(stream, revision);
  }
}
