import { genesisHash } from '@fintech-ledger/event-contracts';
import type { Clock } from './clock';
import type { ChainTip } from './event-sealer';

/** Where a writer stands in its stream. */
export class WriterPosition {
  /** The last event that is stored, as far as this writer knows; revision -1 for an empty stream. */
  confirmed: ChainTip = emptyStream;
  /** Where the chain stands with everything that is decided. */
  tip: ChainTip = emptyStream;
  lastRecordedAt = '';
  /** Whose stream this is, from its events or from the command that begins it. */
  organizationId = '';

  constructor(private readonly clock: Clock) {}

  /** Never goes back within the stream. */
  now(): string {
    return this.notBefore(new Date(this.clock.nowMs()).toISOString());
  }

  /** The time, or that of the last event where it is later. */
  notBefore(time: string): string {
    return time < this.lastRecordedAt ? this.lastRecordedAt : time;
  }
}

export const emptyStream: ChainTip = { revision: -1, chainHash: genesisHash };
