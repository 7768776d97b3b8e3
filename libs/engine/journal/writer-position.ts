import { BrokenInvariant } from '@fintech-ledger/contract';
import { genesisHash } from '@fintech-ledger/envelope';
import { systemActor } from './actors';
import type { Clock } from './clock';
import type { ChainTip } from './event-sealer';
import { storeLost, WriterUnavailable } from './gateway';
import type { CommandEnvelope } from './gateway';
import type { WriterDependencies } from './writer-dependencies';

/** Where a writer stands in its stream, and whether its last event is dated right. */
export class WriterPosition {
  /** The last event that is stored, as far as this writer knows; revision -1 for an empty stream. */
  confirmed: ChainTip = emptyStream;
  /** Where the chain stands with everything that is decided. */
  tip: ChainTip = emptyStream;
  lastRecordedAt = '';
  /** Whose stream this is, from its events or from the command that begins it. */
  organizationId = '';

  /** Why the last event that was read is taken to be dated wrong, or undefined; as of the last `now()`. */
  ahead: string | undefined;
  private loadedAt = '';

  constructor(
    private readonly clock: Clock,
    private readonly aheadMsMax: number,
  ) {}

  /** Never goes back within the stream. */
  now(): string {
    const nowMs = this.clock.nowMs();
    const time = new Date(nowMs).toISOString();
    if (time >= this.lastRecordedAt) this.ahead = undefined;
    else if (this.lastRecordedAt === this.loadedAt) this.checkAhead(nowMs);
    return this.notBefore(time);
  }

  /** Events are stored that follow the confirmed ones. @throws BrokenInvariant */
  stored(before: ChainTip, after: ChainTip): void {
    const { confirmed, tip } = this;
    if (before.chainHash !== confirmed.chainHash || before.revision !== confirmed.revision) {
      throw new BrokenInvariant(
        `events after ${before.revision} were stored, but ${confirmed.revision} is the last one`,
      );
    }
    if (after.revision > tip.revision) {
      throw new BrokenInvariant(`${after.revision} is stored, but nothing after ${tip.revision} was decided`);
    }
    this.confirmed = after;
  }

  /** An event was read from the journal. */
  read(recordedAt: string): void {
    this.lastRecordedAt = recordedAt;
    this.loadedAt = recordedAt;
  }

  /** Events of a clock that was wrong would date all that follow. */
  private checkAhead(nowMs: number): void {
    const recordedAtMs = Date.parse(this.lastRecordedAt);
    const isRight =
      recordedAtMs - nowMs <= this.aheadMsMax || this.clock.isConfirmed?.(recordedAtMs) === true;
    this.ahead = isRight
      ? undefined
      : `its last event was recorded at ${this.lastRecordedAt}, which is ahead of the clock: set the clock right, or say that it is right (ledgerctl clock confirm)`;
  }

  /** The time, or that of the last event where it is later. */
  private notBefore(time: string): string {
    return time < this.lastRecordedAt ? this.lastRecordedAt : time;
  }
}

export const emptyStream: ChainTip = { revision: -1, chainHash: genesisHash };

type Deps = Pick<WriterDependencies<never, never, never>, 'availability' | 'actors' | 'clock'>;

/** Why nothing new of this command's actor may be decided at the moment. */
export function whyClosed(
  { availability, actors, clock }: Deps,
  position: Pick<WriterPosition, 'ahead'>,
  { actor, organizationId }: Pick<CommandEnvelope, 'actor' | 'organizationId'>,
): WriterUnavailable | undefined {
  if (availability?.lost !== undefined) return storeLost(availability.lost);
  const unknown = actor === systemActor ? undefined : actors?.doubt(organizationId);
  if (unknown !== undefined) return new WriterUnavailable(unknown);
  const doubt = clock.doubt?.() ?? position.ahead;
  return doubt === undefined ? undefined : new WriterUnavailable(doubt, 5, { isFinal: true });
}
