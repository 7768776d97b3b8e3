import { BrokenInvariant } from '@fintech-ledger/contract';
import { canonicalJson, eventIds, genesisHash, sealMetadata } from '@fintech-ledger/envelope';
import type { CommandPart, RefusedItem, UnsealedMetadata } from '@fintech-ledger/envelope';
import type { EventToAppend } from '@fintech-ledger/event-store';
import { systemActor } from './actors';
import type { Clock } from './clock';
import type { DomainEvent, DomainEvents } from './domain';
import { storeLost, WriterUnavailable } from './gateway';
import type { CommandEnvelope } from './gateway';
import type { WriterDependencies } from './writer-dependencies';

/** Where a chain of hashes stands. */
export interface ChainTip {
  readonly revision: number;
  readonly chainHash: string;
}

export const emptyStream: ChainTip = { revision: -1, chainHash: genesisHash };

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

export interface SealedEvents {
  readonly events: readonly EventToAppend[];
  readonly bytes: number;
  readonly tip: ChainTip;
}

interface SealingDomain<E extends DomainEvent> {
  readonly events: DomainEvents<E>;
  effectiveAt?(event: E, recordedAt: string): string;
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
  recordedAt: string,
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
    const data = canonicalJson(event.data);
    const metadata: Partial<UnsealedMetadata> = {
      $correlationId: envelope.correlationId,
      actor: envelope.actor,
      commandIndex: index,
      commandSize: events.length,
      effectiveAt: domain.effectiveAt?.(event, recordedAt) ?? recordedAt,
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
