import { BrokenInvariant } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import { eventIds, genesisHash, sealMetadata, streamOwner } from '@fintech-ledger/envelope';
import type { CommandPart, EventMetadata, RefusedItem, UnsealedMetadata } from '@fintech-ledger/envelope';
import { revision as asRevision } from '@fintech-ledger/event-store';
import type { EventToAppend } from '@fintech-ledger/event-store';
import { systemActor } from './actors';
import { storableJson } from './storable-json';
import { saidRevision } from './trying';
import type { Trying } from './trying';
import { timeBy } from './clock';
import type { Clock, Clocks } from './clock';
import type { DomainEvent, DomainEvents } from './domain';
import { clockUnknown, storeLost, WriterUnavailable } from './gateway';
import type { CommandEnvelope, CommandRefused } from './gateway';
import type { WriterDependencies } from './writer-dependencies';

/** Where a chain of hashes stands. */
export interface ChainTip {
  readonly revision: number;
  readonly chainHash: string;
}

/** How soon a writer looks again for what is due in a sandbox. */
const sandboxWakeMs = 1_000;

export const emptyStream: ChainTip = { revision: -1, chainHash: genesisHash };

/** When something is decided. RFC 3339, UTC, milliseconds; neither goes back within a stream. */
export interface Moment {
  /** By our clock. */
  readonly recordedAt: string;
  /** By the clock of the stream's organization. */
  readonly now: string;
}

/** Where a writer stands in its stream, and whether its last event is dated right. */
export class WriterPosition {
  /** The last event that is stored, as far as this writer knows; revision -1 for an empty stream. */
  confirmed: ChainTip = emptyStream;
  /** Where the chain stands with everything that is decided. */
  tip: ChainTip = emptyStream;
  lastRecordedAt = '';
  /** The time of its organization when it last decided something, or to which it was moved. */
  lastNow = '';
  /**
   * The last event is this writer's own, so nothing that a former owner has sent, and is late, can follow it: that
   * expects another revision.
   */
  isEndOwn = false;
  /** Whose stream this is, from its events or from the command that begins it. */
  organizationId = '';

  /** Why the last event that was read is taken to be dated wrong, or undefined; as of the last `now()`. */
  ahead: string | undefined;
  private loadedAt = '';

  constructor(
    private readonly clock: Clock,
    private readonly aheadMsMax: number,
    private readonly clocks?: Clocks,
  ) {}

  /** Never goes back within the stream. */
  now(): string {
    const nowMs = this.clock.nowMs();
    const time = new Date(nowMs).toISOString();
    if (time >= this.lastRecordedAt) this.ahead = undefined;
    else if (this.lastRecordedAt === this.loadedAt) this.checkAhead(nowMs);
    return this.notBefore(time);
  }

  /** Whether it is known what time it is for the organization. */
  isTimeKnown(organizationId = this.organizationId): boolean {
    return this.clocks === undefined || this.clocks.clockOf(organizationId) !== undefined;
  }

  /** What time that is for the organization; where it is not known, its last one. */
  momentOf(recordedAt: string, organizationId = this.organizationId): Moment {
    const clock = this.clocks === undefined ? 'real' : this.clocks.clockOf(organizationId);
    if (clock === 'real' && this.lastNow <= recordedAt) return { recordedAt, now: recordedAt };
    const time =
      clock === undefined || clock === 'real'
        ? recordedAt
        : new Date(timeBy(clock, Date.parse(recordedAt))).toISOString();
    const isBack = time < this.lastNow || (clock === undefined && this.lastNow !== '');
    return { recordedAt, now: isBack ? this.lastNow : time };
  }

  /** The time by which something is due; undefined: it is not known. @param isReal it is due in real time */
  dueTime(recordedAt: string, isReal = false): string | undefined {
    if (isReal) return recordedAt;
    return this.isTimeKnown() ? this.momentOf(recordedAt).now : undefined;
  }

  /** How long to wait until it may be due: never long in a sandbox, whose clock may be moved at any time. */
  msUntil(dueAt: string, isReal = false): number {
    const clock = isReal || this.clocks === undefined ? 'real' : this.clocks.clockOf(this.organizationId);
    if (clock === 'real') return Date.parse(dueAt) - this.clock.nowMs();
    const now = this.dueTime(this.now());
    return now !== undefined && dueAt <= now ? 0 : sandboxWakeMs;
  }

  /** Something was decided, and is put after everything else. */
  decided({ recordedAt, now }: Moment, organizationId: string): void {
    this.lastRecordedAt = recordedAt;
    this.lastNow = now;
    this.organizationId = organizationId;
  }

  /** From now on it is this late at least, for the organization. */
  moveTo(now: string): void {
    if (now > this.lastNow) this.lastNow = now;
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
    if (after.revision > before.revision) this.isEndOwn = true;
  }

  /** A refusal by what is recorded up to here. */
  refused(why: Refusal, stream: string, trying: Trying): CommandRefused {
    const revision = saidRevision(trying, this.tip.revision);
    const judged = revision >= 0 && { judgedAt: asRevision(revision) };
    return { kind: 'refused', refusal: this.shown(why, stream, trying), ...judged };
  }

  /** Objects that a refusal shows have the position at which the command was judged. */
  private shown(refusal: Refusal, stream: string, trying: Trying): Refusal {
    if (refusal.objects === undefined) return refusal;
    const position = `${streamOwner(stream)}@${saidRevision(trying, this.tip.revision)}`;
    const objects = Object.entries(refusal.objects).map(([name, object]): [string, object] => [
      name,
      'position' in object ? object : { ...object, position },
    ]);
    return { ...refusal, objects: Object.fromEntries(objects) };
  }

  /** An event was read from the journal. */
  read({ recordedAt, decidedAt = recordedAt }: Pick<EventMetadata, 'decidedAt' | 'recordedAt'>): void {
    this.lastRecordedAt = recordedAt;
    this.loadedAt = recordedAt;
    this.isEndOwn = false;
    this.moveTo(decidedAt);
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

type Deps = Pick<WriterDependencies<never, never, never>, 'availability' | 'actors' | 'clock'>;

/** Why nothing new of this command's actor may be decided at the moment. */
export function whyClosed(
  { availability, actors, clock }: Deps,
  position: Pick<WriterPosition, 'ahead' | 'isTimeKnown'>,
  { actor, organizationId }: Pick<CommandEnvelope, 'actor' | 'organizationId'>,
): WriterUnavailable | undefined {
  if (availability?.lost !== undefined) return storeLost(availability.lost);
  const unknown = actor === systemActor ? undefined : actors?.doubt(organizationId);
  if (unknown !== undefined) return new WriterUnavailable(unknown);
  if (!position.isTimeKnown(organizationId)) return new WriterUnavailable(clockUnknown);
  const doubt = clock.doubt?.() ?? position.ahead;
  return doubt === undefined ? undefined : new WriterUnavailable(doubt, 5, { isFinal: true });
}

export interface SealedEvents {
  readonly events: readonly EventToAppend[];
  readonly bytes: number;
  readonly tip: ChainTip;
}

interface SealingDomain<E extends DomainEvent> {
  readonly events: DomainEvents<E>;
  effectiveAt?(event: E, decidedAt: string): string;
}

/**
 * Turns a command's events into what is appended: ids from the command, canonical JSON, and the stream's hash chain
 * carried on. Stops after each.
 */
export function* sealEvents<E extends DomainEvent>(
  envelope: CommandEnvelope,
  commandKey: string,
  events: readonly E[],
  refusedItems: readonly RefusedItem[],
  { recordedAt, now }: Moment,
  from: ChainTip,
  domain: SealingDomain<E>,
  part?: CommandPart,
): Generator<void, SealedEvents> {
  const sealed: EventToAppend[] = [];
  const idOf = eventIds(envelope.stream, commandKey);
  let { revision, chainHash } = from;
  let bytes = 0;
  for (let index = 0; index < events.length; index += 1) {
    if (index > 0) yield;
    const event = events[index] as E;
    revision += 1;
    const id = idOf(index);
    const data = storableJson(event.data);
    const metadata: Partial<UnsealedMetadata> = {
      $correlationId: envelope.correlationId,
      actor: envelope.actor,
      commandIndex: index,
      commandSize: events.length,
      decidedAt: now === recordedAt ? undefined : now,
      effectiveAt: domain.effectiveAt?.(event, now) ?? now,
      idempotencyKey: envelope.idempotencyKey,
      organizationId: envelope.organizationId,
      part: index === 0 ? part : undefined,
      previousHash: chainHash,
      recordedAt,
      refusedItems: index === 0 && refusedItems.length > 0 ? refusedItems : undefined,
      requestHash: envelope.requestHash,
      traceparent: envelope.traceparent,
      version: domain.events.versionOf(event.type),
    };
    const seal = sealMetadata({ id, stream: envelope.stream, revision, type: event.type, data }, metadata);
    chainHash = seal.hash;
    bytes += Buffer.byteLength(data) + Buffer.byteLength(seal.text);
    sealed.push({ id, type: event.type, data, metadata: seal.text });
  }
  return { events: sealed, bytes, tip: { revision, chainHash } };
}
