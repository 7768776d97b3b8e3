// What is around the gateway of an API's process, from the outside in: RememberingGateway, with what it remembers,
// WriteWatch, unlessWrong.
import { journalStream, organizationStream, recordedMsOf, streamOwner } from '@fintech-ledger/envelope';
import { StoreUnavailable } from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import { CommandOutcomeUnknown, WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import type { Followed } from '@fintech-ledger/projection-runtime';
import { acknowledgedOwnersMax } from '../limits';

/** The gateway; what it accepts, or refuses for what is recorded, is remembered: queries of this process see it. */
export class RememberingGateway implements CommandGateway {
  constructor(
    private readonly gateway: CommandGateway,
    private readonly acknowledged: Acknowledged,
  ) {}

  submit(envelope: CommandEnvelope): Promise<CommandOutcome> {
    const answer = this.gateway.submit(envelope);
    if (envelope.dryRun === true) return answer;
    return answer.then((outcome) => {
      const revision = outcome.revision ?? (outcome.kind === 'refused' ? outcome.judgedAt : undefined);
      if (revision !== undefined) this.note(envelope, revision);
      return outcome;
    });
  }

  private note({ stream, organizationId }: CommandEnvelope, revision: number): void {
    if (stream === organizationStream(organizationId)) {
      this.acknowledged.organizations.note(organizationId, revision, organizationId);
    } else this.acknowledged.ledgers.note(streamOwner(stream), revision, organizationId);
  }
}

interface Head {
  readonly revision: number;
  readonly recordedMs: number;
}

/** How read models are asked about one ledger (or organization). */
export interface PositionSight {
  /** Whether they stand at `revision` or later now. */
  hasReached(owner: string, revision: number): Promise<boolean>;
  /** The last event of the journal itself; undefined: it has none. @throws StoreUnavailable */
  headOf(owner: string): Promise<Head | undefined>;
}

interface Noted {
  readonly revision: number;
  /** Whose it is. */
  readonly organizationId: string;
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
  private readonly noted = new Map<string, Noted>();
  private hasForgotten = false;
  private isSweeping = false;

  constructor(
    private readonly sight: PositionSight,
    private readonly max: number,
  ) {}

  /** A command was acknowledged at this revision. */
  note(owner: string, revision: number, organizationId: string): void {
    const known = this.noted.get(owner);
    if (revision < 0 || (known !== undefined && known.revision >= revision)) return;
    this.noted.set(owner, { revision, organizationId });
    if (known !== undefined || this.noted.size <= this.max * sweptAt) return;
    if (!this.isSweeping) void this.sweep();
    if (this.noted.size <= this.max) return;
    for (const [oldest] of this.noted) {
      this.noted.delete(oldest);
      this.hasForgotten = true;
      return;
    }
  }

  /**
   * What has been recorded by now, of no command of a client, counts as acknowledged.
   * @param sinceMs where nothing was recorded since, there is nothing to wait for
   * @throws StoreUnavailable
   */
  async noteHead(owner: string, organizationId: string, sinceMs: number): Promise<void> {
    const head = await this.sight.headOf(owner);
    if (head !== undefined && head.recordedMs >= sinceMs) this.note(owner, head.revision, organizationId);
  }

  /** What the read models must have before they are read; undefined: nothing. */
  wanted(owner: string): number | undefined | Promise<number> {
    return this.noted.get(owner)?.revision ?? (this.hasForgotten ? this.revisionOf(owner) : undefined);
  }

  /** The read models have this. */
  seen(owner: string, revision: number): void {
    const known = this.noted.get(owner);
    if (known !== undefined && known.revision <= revision) this.noted.delete(owner);
  }

  /** All of an organization that the read models may not have yet, the oldest first. */
  outstanding(organizationId: string): readonly { readonly owner: string; readonly revision: number }[] {
    const found: { readonly owner: string; readonly revision: number }[] = [];
    for (const [owner, noted] of this.noted)
      if (noted.organizationId === organizationId) found.push({ owner, revision: noted.revision });
    return found;
  }

  private async revisionOf(owner: string): Promise<number> {
    return (await this.sight.headOf(owner))?.revision ?? -1;
  }

  private async sweep(): Promise<void> {
    this.isSweeping = true;
    try {
      for (const [owner, { revision }] of [...this.noted].slice(0, sweepMax)) {
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
    const noted = this.noted.get(owner);
    if (noted === undefined) return;
    this.noted.delete(owner);
    this.noted.set(owner, noted);
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
          return head && { revision: head.revision, recordedMs: recordedMsOf(head.metadata) };
        },
      },
      acknowledgedOwnersMax,
    );
  return {
    ledgers: of(ledgerQueries, journalStream),
    organizations: of(organizationQueries, organizationStream),
  };
}

/** For so long nothing must have got through, so that one ledger's trouble among others that are written is none. */
const failingMs = 2_000;
/** A failure that is older says nothing of now: nobody may have sent a command since. */
const rememberedMs = 30_000;

/** The gateway, watched. It notices when nothing gets through any more, whatever the reason is and wherever it lies. */
export class WriteWatch implements CommandGateway {
  private failing: { readonly sinceMs: number; readonly lastMs: number; readonly reason: string } | undefined;

  constructor(
    private readonly gateway: CommandGateway,
    /** A monotonic clock. */
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  submit(envelope: CommandEnvelope): Promise<CommandOutcome> {
    const answer = this.gateway.submit(envelope);
    answer.then(
      (outcome) => {
        if (outcome.kind === 'accepted' && !outcome.replayed && envelope.dryRun !== true)
          this.failing = undefined;
      },
      (error: unknown) => {
        if (isNotWritten(error)) this.failed(error.message);
      },
    );
    return answer;
  }

  /** Why commands are not written; undefined when the last one was, or when there were none of late. */
  problem(): string | undefined {
    const nowMs = this.nowMs();
    const { failing } = this;
    if (failing === undefined || nowMs - failing.lastMs > rememberedMs) return undefined;
    if (nowMs - failing.sinceMs < failingMs) return undefined;
    return `The last command could not be written: ${failing.reason}.`;
  }

  private failed(reason: string): void {
    const nowMs = this.nowMs();
    const { failing } = this;
    const isLongAgo = failing === undefined || nowMs - failing.lastMs > rememberedMs;
    this.failing = { sinceMs: isLongAgo ? nowMs : failing.sinceMs, lastMs: nowMs, reason };
  }
}

function isNotWritten(error: unknown): error is Error {
  return (
    error instanceof StoreUnavailable ||
    error instanceof WriterUnavailable ||
    error instanceof CommandOutcomeUnknown
  );
}

/**
 * The gateway; refuses at once, rather than after a search for a writer, while the store is the wrong one.
 */
export function unlessWrong(
  gateway: CommandGateway,
  store: { readonly wrong: string | undefined },
): CommandGateway {
  return {
    submit(envelope) {
      const { wrong } = store;
      return wrong === undefined ? gateway.submit(envelope) : Promise.reject(new StoreUnavailable(wrong));
    },
  };
}
