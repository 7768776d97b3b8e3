import { journalStream, organizationStream } from '@fintech-ledger/envelope';
import type { EventStore } from '@fintech-ledger/event-store';
import { acknowledgedOwnersMax } from './limits';
import type { Followed } from './queries';

/** How read models are asked about one ledger (or organization). */
export interface PositionSight {
  /** Whether they stand at `revision` or later now. */
  hasReached(owner: string, revision: number): Promise<boolean>;
  /** The last revision of the journal itself, -1 when it has none. */
  headOf(owner: string): Promise<number>;
}

/** From here on it is looked which of the oldest the read models have seen. */
const sweptAt = 0.5;
/** Looked at in one sweep. */
const sweepMax = 500;

/**
 * The last position that this process acknowledged for each ledger (or organization), for as long as the read models
 * may not have it. One that had to be forgotten before that, because there are too many, is made up for: whoever is not
 * known then has to be at the head of his journal.
 */
export class AcknowledgedPositions {
  /** Oldest first. */
  private readonly revisions = new Map<string, number>();
  private hasForgotten = false;
  private isSweeping = false;

  constructor(
    private readonly sight: PositionSight,
    private readonly max: number,
  ) {}

  /** A command was acknowledged at this revision. */
  note(owner: string, revision: number): void {
    const known = this.revisions.get(owner);
    if (revision < 0 || (known !== undefined && known >= revision)) return;
    this.revisions.set(owner, revision);
    if (known !== undefined || this.revisions.size <= this.max * sweptAt) return;
    if (!this.isSweeping) void this.sweep();
    if (this.revisions.size <= this.max) return;
    for (const [oldest] of this.revisions) {
      this.revisions.delete(oldest);
      this.hasForgotten = true;
      return;
    }
  }

  /** What the read models must have before they are read; undefined: nothing. */
  wanted(owner: string): number | undefined | Promise<number> {
    return this.revisions.get(owner) ?? (this.hasForgotten ? this.sight.headOf(owner) : undefined);
  }

  /** The read models have this. */
  seen(owner: string, revision: number): void {
    const known = this.revisions.get(owner);
    if (known !== undefined && known <= revision) this.revisions.delete(owner);
  }

  /** All that the read models may not have yet, the oldest first. */
  outstanding(): ReadonlyMap<string, number> {
    return this.revisions;
  }

  private async sweep(): Promise<void> {
    this.isSweeping = true;
    try {
      for (const [owner, revision] of [...this.revisions].slice(0, sweepMax)) {
        if (await this.sight.hasReached(owner, revision)) this.seen(owner, revision);
        else this.putLast(owner);
      }
    } catch {
      // The read models are unavailable: looked again with the next new one.
    } finally {
      this.isSweeping = false;
    }
  }

  private putLast(owner: string): void {
    const revision = this.revisions.get(owner);
    if (revision === undefined) return;
    this.revisions.delete(owner);
    this.revisions.set(owner, revision);
  }
}

/** What this process has acknowledged and the read models may not have yet: a query has to see it. */
export interface Acknowledged {
  readonly ledgers: AcknowledgedPositions;
  readonly organizations: AcknowledgedPositions;
}

export function nothingAcknowledged(ports: {
  readonly ledgerQueries: Pick<Followed, 'waitFor'>;
  readonly organizationQueries: Pick<Followed, 'waitFor'>;
  readonly eventStore: Pick<EventStore, 'readStream'>;
}): Acknowledged {
  const { ledgerQueries, organizationQueries, eventStore } = ports;
  const of = (
    queries: Pick<Followed, 'waitFor'>,
    streamOf: (owner: string) => string,
  ): AcknowledgedPositions =>
    new AcknowledgedPositions(
      {
        hasReached: (owner, revision) => queries.waitFor(owner, revision, 0),
        async headOf(owner) {
          const [head] = await eventStore.readStream(streamOf(owner), { direction: 'backwards', limit: 1 });
          return head?.revision ?? -1;
        },
      },
      acknowledgedOwnersMax,
    );
  return {
    ledgers: of(ledgerQueries, journalStream),
    organizations: of(organizationQueries, organizationStream),
  };
}
