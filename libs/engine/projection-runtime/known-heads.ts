import type { Sql } from '@fintech-ledger/postgres';
import { noHead } from './chain-head';
import type { ChainHead } from './chain-head';
import { selectCheckpoints } from './checkpoints';
import { knownStreamsMax } from './limits';

/**
 * Where a projection stands or is about to stand in each stream, so that the next batch can be folded while the last one is being committed.
 * Only a belief: the compare-and-set in the transaction decides.
 */
export class KnownHeads {
  private readonly known = new Map<string, ChainHead>();

  constructor(private readonly projection: string) {}

  /** Reads what is not known of these streams. */
  async load(sql: Sql, streams: Iterable<string>): Promise<void> {
    const missing = [...streams].filter((stream) => !this.known.has(stream));
    if (missing.length === 0) return;
    const stored = await selectCheckpoints(sql, this.projection, missing);
    for (const stream of missing)
      if (!this.known.has(stream)) this.known.set(stream, stored.get(stream) ?? noHead);
  }

  get isFull(): boolean {
    return this.known.size > knownStreamsMax;
  }

  /** Only while no batch is on its way: what that one has reached is in no table yet. */
  clear(): void {
    this.known.clear();
  }

  forget(stream: string): void {
    this.known.delete(stream);
  }

  get(stream: string): ChainHead {
    return this.known.get(stream) ?? noHead;
  }

  set(stream: string, head: ChainHead): void {
    this.known.set(stream, head);
  }
}
