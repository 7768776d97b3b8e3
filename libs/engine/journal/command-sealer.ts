import type { Refusal } from '@fintech-ledger/contract';
import type { CommandPart } from '@fintech-ledger/envelope';
import { isTooLarge, tooLarge, type AppendRoom } from './append-room';
import type { Pending } from './batch';
import type { Decided, DomainEvent, DomainRecord } from './domain';
import type { WriterDependencies } from './writer-dependencies';
import { sealEvents } from './writer-position';
import type { Moment, SealedEvents, WriterPosition } from './writer-position';

/** Makes of what was decided the events that are stored, with a stop after each. */
export class CommandSealer<C, E extends DomainEvent, R extends DomainRecord> {
  constructor(
    private readonly deps: WriterDependencies<C, E, R>,
    private readonly parts: { readonly position: WriterPosition; readonly room: AppendRoom },
  ) {}

  get overheadBytes(): number {
    return this.deps.eventStore.limits.eventOverheadBytes ?? 0;
  }

  *seal(
    { envelope, commandKey }: Pending<C>,
    { events, refusedItems = [] }: Decided<E, R>,
    moment: Moment,
    from = this.parts.position.tip,
    part?: CommandPart,
  ): Generator<void, SealedEvents> {
    const { domain } = this.deps;
    const sealed = yield* sealEvents(envelope, commandKey, events, refusedItems, moment, from, domain, part);
    if (this.overheadBytes === 0) return sealed;
    return { ...sealed, bytes: sealed.bytes + this.overheadBytes * sealed.events.length };
  }

  /** Why a dry run is refused whose events one append would not take; undefined: it would, or they are divided. */
  *triedTooLarge(
    pending: Pending<C>,
    decision: Decided<E, R>,
    moment: Moment,
  ): Generator<void, Refusal | undefined> {
    const { domain } = this.deps;
    const { command } = pending.envelope;
    const isDivided = domain.items?.count(command) !== undefined || domain.isSentInParts?.(command) === true;
    if (decision.events.length === 0 || isDivided) return undefined;
    const sealed = yield* this.seal(pending, decision, moment);
    return isTooLarge(sealed, this.parts.room) ? tooLarge(sealed, this.parts.room) : undefined;
  }
}
