import type { CommandPart } from '@fintech-ledger/envelope';
import { revision as asRevision } from '@fintech-ledger/event-store';
import { BrokenInvariant, refuse } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import { answerAgain } from './answer-again';
import type { AppendRoom } from './append-room';
import type { Batch, Pending, Waiting } from './batch';
import type { BatchQueue } from './batch-queue';
import type { KeyRecord } from './checkpoint-store';
import type { Decided, DomainEvent, DomainRecord } from './domain';
import { sealEvents } from './event-sealer';
import type { SealedEvents } from './event-sealer';
import { AnswerUnavailable, CommandOutcomeUnknown, WriterUnavailable, storeLost } from './gateway';
import type { CommandAccepted, CommandOutcome } from './gateway';
import { fitting, isTooLarge, tooLarge } from './append-room';
import { restOf } from './submit-in-parts';
import type { ItemRange } from './submit-in-parts';
import { smallerPart, takePart, withoutPart } from './take-part';
import { timeSortableId } from './time-sortable-id';
import type { JournalLimits, WriterDependencies } from './writer-dependencies';
import type { WriterPosition } from './writer-position';
import { evolveEvent } from './writer-state';
import type { WriterState } from './writer-state';
import { idempotencyKeyReused } from './refusals';

interface DeciderParts<C, R extends DomainRecord> {
  readonly state: WriterState<R>;
  readonly position: WriterPosition;
  readonly batches: BatchQueue<C, R>;
  readonly room: AppendRoom;
  /** What was read contradicts what is known: the writer must not go on. */
  readonly broken: (error: BrokenInvariant) => void;
}

interface SpeculativeKey<C, R extends DomainRecord> {
  readonly requestHash: string;
  readonly batch: Batch<C, R>;
  readonly waiting: Waiting<C>;
}

/** Decides commands against confirmed plus speculative state, and puts their events into the open batch. */
export class CommandDecider<C, E extends DomainEvent, R extends DomainRecord> {
  /** Idempotency keys of commands that are decided and not yet stored. */
  private readonly speculativeKeys = new Map<string, SpeculativeKey<C, R>>();

  constructor(
    private readonly stream: string,
    private readonly deps: WriterDependencies<C, E, R>,
    private readonly parts: DeciderParts<C, R>,
    private readonly limits: JournalLimits,
  ) {}

  /** All that the command reads must be in memory. Its caller is answered once what the answer rests on is stored. */
  decide(pending: Pending<C>, now: string): void {
    const { envelope } = pending;
    if (this.isKnownKey(pending)) return;
    const closed = this.closed();
    if (closed) return pending.reject(closed);
    const decision = this.deps.domain.decide(this.parts.state, envelope.command, {
      now,
      organizationId: envelope.organizationId,
      eventBytesMax: this.parts.room.commandBytesMax,
      newId: (prefix, index) =>
        timeSortableId(prefix, Date.parse(now), this.parts.position.tip.revision + 1 + index, this.stream),
    });
    if (decision.kind === 'refused') return this.refuse(pending, decision.refusal);
    if (envelope.dryRun === true || (decision.events.length === 0 && !this.isRecorded(pending))) {
      pending.onDecided?.((key) => this.parts.state.get(key));
      return this.answerWithoutEvents(pending, decision);
    }
    if (pending.items) return this.takeItems(pending, pending.items, decision, now);
    const sealed = this.seal(pending, decision, now);
    if (pending.mayBeCut === true) return this.takeWhatFits(pending, decision, sealed, now);
    if (isTooLarge(sealed, this.parts.room)) return this.refuse(pending, tooLarge(sealed, this.parts.room));
    this.take(pending, decision, sealed, now);
  }

  /** A part of a command under a key: that all of it was refused is recorded, else a later attempt would decide it again, and answer otherwise. */
  private isRecorded({ envelope, items }: Pending<C>): boolean {
    return items !== undefined && items.from > 0 && envelope.idempotencyKey !== undefined;
  }

  /**
   * A command whose items may be stored in several appends, each with as many of them as it takes. All are decided at once, so that nothing comes
   * between them, and every part has an event that says what was refused in it. The later ones are found by their keys when they are asked for.
   */
  private takeItems(pending: Pending<C>, { from, of }: ItemRange, decided: Decided<E, R>, now: string): void {
    let [at, rest, command, eventsMax] = [from, decided, pending, decided.events.length];
    for (;;) {
      const part = this.takePart(command, { from: at, of }, rest, eventsMax, now);
      if (part === undefined || part.to === of) return;
      const next = this.pendingRest(command, at, { from: part.to, of });
      if (next === undefined) return;
      rest = withoutPart(rest, part.events, part.to - at);
      [command, at] = [next, part.to];
      // About as many fit as before; sealing all that is left each time would cost the square of them.
      if (part.events > 0) eventsMax = 2 * part.events;
    }
  }

  /** Returns how many events that took and where it ends, or undefined: not one item fits, which was said. */
  private takePart(
    pending: Pending<C>,
    { from, of }: ItemRange,
    decided: Decided<E, R>,
    eventsMax: number,
    now: string,
  ): { readonly events: number; readonly to: number } | undefined {
    const room = this.parts.room.ofParts;
    const isAll = eventsMax >= decided.events.length;
    let part = isAll ? { decision: decided, items: of - from } : takePart(decided, eventsMax);
    for (;;) {
      const to = from + part.items;
      const events = part.decision.events.length;
      const range = from > 0 || to < of ? { from, of, to } : undefined;
      const decision = events === 0 ? this.refusedPart(part.decision, { from, of, to }) : part.decision;
      const sealed = this.seal(pending, decision, now, range);
      if (!isTooLarge(sealed, room)) {
        this.take(pending, decision, sealed, now, { ...(to < of && { rest: to }), isEmpty: events === 0 });
        return { events, to };
      }
      const smaller = smallerPart(decided, part, fitting(sealed, room, this.overheadBytes));
      if (smaller === undefined) {
        this.refuse(pending, tooLarge(sealed, room));
        return undefined;
      }
      part = smaller;
    }
  }

  private refusedPart(decision: Decided<E, R>, part: CommandPart): Decided<E, R> {
    const event = this.deps.domain.items?.refused(part);
    return { ...decision, events: event === undefined ? [] : [event], changes: [[]] };
  }

  /** The items behind a part as a command that nobody waits for yet; undefined without a key to find it by. */
  private pendingRest(
    { envelope, commandKey }: Pending<C>,
    at: number,
    items: ItemRange,
  ): Pending<C> | undefined {
    const ofItems = this.deps.domain.items;
    if (ofItems === undefined || envelope.idempotencyKey === undefined) return undefined;
    const rest = restOf(ofItems, envelope, items.from, at);
    const before = commandKey.slice(0, commandKey.length - envelope.idempotencyKey.length);
    const nobody = (): void => undefined;
    return {
      envelope: rest,
      commandKey: `${before}${rest.idempotencyKey ?? ''}`,
      resolve: nobody,
      reject: nobody,
      items,
      isAhead: true,
    };
  }

  /** Of the writer's own command: its first events, as many as one batch takes, and one at least when the store takes that. */
  private takeWhatFits(pending: Pending<C>, decided: Decided<E, R>, all: SealedEvents, now: string): void {
    const fits = Math.max(fitting(all, this.parts.room, this.overheadBytes), 1);
    const { events } = decided;
    const decision = fits === events.length ? decided : { kind: decided.kind, events: events.slice(0, fits) };
    const sealed = decision === decided ? all : this.seal(pending, decision, now);
    if (isTooLarge(sealed, this.parts.room)) return this.refuse(pending, tooLarge(sealed, this.parts.room));
    this.take(pending, decision, sealed, now);
    pending.onDecided?.((key) => this.parts.state.get(key));
  }

  private get overheadBytes(): number {
    return this.deps.eventStore.limits.eventOverheadBytes ?? 0;
  }

  private seal(pending: Pending<C>, decision: Decided<E, R>, now: string, part?: CommandPart): SealedEvents {
    const sealed = sealEvents(
      pending.envelope,
      pending.commandKey,
      decision.events,
      decision.refusedItems ?? [],
      now,
      this.parts.position.tip,
      this.deps.domain,
      part,
    );
    const { overheadBytes } = this;
    if (overheadBytes === 0) return sealed;
    return { ...sealed, bytes: sealed.bytes + overheadBytes * sealed.events.length };
  }

  /** Why nothing new may be decided at the moment. */
  private closed(): WriterUnavailable | undefined {
    const lost = this.deps.availability?.lost;
    if (lost !== undefined) return storeLost(lost);
    const doubt = this.deps.clock.doubt?.() ?? this.parts.position.ahead;
    return doubt === undefined ? undefined : new WriterUnavailable(doubt, 5, { isFinal: true });
  }

  /** A batch was stored: its idempotency keys are found in the state from now on. */
  stored(batch: Batch<C, R>): void {
    for (const [key, record] of batch.keys) {
      this.parts.state.confirmKey(key, record);
      this.speculativeKeys.delete(key);
    }
  }

  /** What was decided and not stored is undone. */
  forget(): void {
    this.speculativeKeys.clear();
  }

  /** Puts a decision's events into the open batch, and its changes over the state. */
  private take(
    pending: Pending<C>,
    decision: Decided<E, R>,
    sealed: SealedEvents,
    now: string,
    { rest, isEmpty = false }: Pick<CommandAccepted, 'rest' | 'isEmpty'> = {},
  ): void {
    const { state, position, batches } = this.parts;
    const batch = batches.openFor(sealed, position.tip);
    const firstRevision = position.tip.revision + 1;
    for (let i = 0; i < decision.events.length; i += 1) {
      const at = { stream: this.stream, revision: firstRevision + i, recordedAt: now };
      const changes =
        decision.changes?.[i] ?? evolveEvent(this.deps.domain, state, decision.events[i] as E, at);
      state.speculate(changes);
      for (const change of changes) batch.changes.push(change);
    }
    position.tip = sealed.tip;
    batch.after = sealed.tip;
    for (const event of sealed.events) batch.events.push(event);
    batch.bytes += sealed.bytes;
    position.lastRecordedAt = now;
    position.organizationId = pending.envelope.organizationId;
    const lastRevision = sealed.tip.revision;
    const { envelope } = pending;
    const outcome = (): CommandOutcome => ({
      kind: 'accepted',
      answer: this.deps.domain.answer({
        command: envelope.command,
        stream: this.stream,
        revision: lastRevision,
        events: decision.events,
        refusedItems: decision.refusedItems ?? [],
        dryRun: false,
      }),
      revision: asRevision(lastRevision),
      replayed: false,
      ...(rest !== undefined && { rest }),
      ...(isEmpty && { isEmpty }),
    });
    const waiting: Waiting<C> = { pending, outcome, hasEvents: true };
    batch.waiting.push(waiting);
    if (envelope.idempotencyKey !== undefined) {
      const requestHash = envelope.requestHash ?? '';
      batch.keys.push([envelope.idempotencyKey, { requestHash, firstRevision, lastRevision }]);
      this.speculativeKeys.set(envelope.idempotencyKey, { requestHash, batch, waiting });
    }
  }

  /** Answers a command whose idempotency key was seen before. */
  private isKnownKey(pending: Pending<C>): boolean {
    const { idempotencyKey, requestHash = '' } = pending.envelope;
    if (idempotencyKey === undefined) return false;
    const speculative = this.speculativeKeys.get(idempotencyKey);
    if (speculative) {
      const outcome =
        speculative.requestHash === requestHash
          ? (): CommandOutcome => this.replayedOutcome(speculative.waiting.outcome())
          : (): CommandOutcome => ({ kind: 'refused', refusal: reusedKey(idempotencyKey) });
      speculative.batch.waiting.push({ pending, outcome });
      return true;
    }
    const known = this.parts.state.keyRecord(idempotencyKey);
    if (!known) return false;
    if (known.requestHash !== requestHash) this.refuse(pending, reusedKey(idempotencyKey));
    else void this.replay(pending, known);
    return true;
  }

  private replayedOutcome(first: CommandOutcome): CommandOutcome {
    this.deps.observer.replayed(this.stream);
    return first.kind === 'accepted' ? { ...first, replayed: true } : first;
  }

  private async replay(pending: Pending<C>, known: KeyRecord): Promise<void> {
    try {
      const first = await answerAgain(this.deps, pending.envelope, known, this.limits.catchUpEvents);
      this.deps.observer.replayed(this.stream);
      pending.resolve({
        kind: 'accepted',
        ...first,
        revision: asRevision(known.lastRevision),
        replayed: true,
      });
    } catch (error) {
      const { message } = error as Error;
      if (!(error instanceof BrokenInvariant)) {
        const at = asRevision(known.lastRevision);
        // Fewer events than items: some were refused, or are in a later part, and only the events say which.
        const mayGoOn = (pending.items?.of ?? 0) > known.lastRevision - known.firstRevision + 1;
        const unread = mayGoOn
          ? new CommandOutcomeUnknown(message, { cause: error })
          : new AnswerUnavailable(this.stream, at, message, { cause: error });
        return pending.reject(unread);
      }
      pending.reject(new CommandOutcomeUnknown(message, { cause: error }));
      this.parts.broken(error);
    }
  }

  private refuse(pending: Pending<C>, refusal: Refusal): void {
    this.deps.observer.refused(this.stream, refusal.code);
    this.afterSpeculation({ pending, outcome: () => ({ kind: 'refused', refusal }) });
  }

  private answerWithoutEvents(pending: Pending<C>, decision: Decided<E>): void {
    const { revision } = this.parts.position.tip;
    const answer =
      decision.answer ??
      this.deps.domain.answer({
        command: pending.envelope.command,
        stream: this.stream,
        revision,
        events: decision.answeredAs ?? decision.events,
        refusedItems: decision.refusedItems ?? [],
        dryRun: pending.envelope.dryRun === true,
      });
    const outcome = (): CommandOutcome => ({
      kind: 'accepted',
      answer,
      revision: asRevision(revision),
      replayed: false,
      ...(pending.items && pending.items.from > 0 && { isEmpty: true }),
    });
    this.afterSpeculation({ pending, outcome });
  }

  /** What rests on decided but unstored events is answered when those are stored, and decided again when they are not. */
  private afterSpeculation(waiting: Waiting<C>): void {
    const { last } = this.parts.batches;
    if (last) last.waiting.push(waiting);
    else waiting.pending.resolve(waiting.outcome());
  }
}

function reusedKey(idempotencyKey: string): Refusal {
  return refuse(idempotencyKeyReused, `the idempotency key ${idempotencyKey} was used for another request`);
}
