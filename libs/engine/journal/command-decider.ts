import type { CommandPart } from '@fintech-ledger/envelope';
import { revision as asRevision } from '@fintech-ledger/event-store';
import type { BrokenInvariant, Refusal } from '@fintech-ledger/contract';
import { actorEnded } from './actors';
import type { AwaitedOutcome, Batch, Pending, Waiting } from './batch';
import { decideContext, saidAt } from './decide-context';
import type { Decided, DomainEvent, DomainRecord } from './domain';
import { noteOutside } from './effects';
import type { CommandAccepted, CommandOutcome } from './gateway';
import { fitting, isTooLarge, tooLarge, type AppendRoom } from './append-room';
import type { BatchQueue } from './batch-queue';
import { CommandSealer } from './command-sealer';
import { KnownKeys } from './known-keys';
import { isCurrent } from './ownership';
import type { ItemRange } from './submit-in-parts';
import { endWithin, pendingRest, smallerPart, takePart, withoutPart } from './take-part';
import { keepingKey } from './unchanged';
import type { WaitingCommands } from './waiting-commands';
import type { JournalLimits, WriterDependencies } from './writer-dependencies';
import { whyClosed } from './writer-position';
import { saidRevision } from './trying';
import type { ChainTip, Moment, SealedEvents, WriterPosition } from './writer-position';
import { evolveEvent, type WriterState } from './writer-state';

interface DeciderParts<C, E extends DomainEvent, R extends DomainRecord> {
  readonly state: WriterState<R>;
  readonly position: WriterPosition;
  readonly batches: BatchQueue<C, R>;
  readonly room: AppendRoom;
  readonly waiting: WaitingCommands<C, E, R>;
  /** What was read contradicts what is known: the writer must not go on. */
  readonly broken: (error: BrokenInvariant) => void;
}

/** Deciding a command, with a stop after each item or event: between two of them nothing of it is seen by anyone. */
export type DecidingSteps = Generator<void, void>;

interface SealedPart<C, E extends DomainEvent, R extends DomainRecord> {
  readonly pending: Pending<C>;
  readonly decision: Decided<E, R>;
  readonly sealed: SealedEvents;
  /** Events of the command that are in it; none: all of it was refused. */
  readonly events: number;
  /** The first item behind it. */
  readonly to: number;
}

/** Decides commands against confirmed plus speculative state, and puts their events into the open batch. */
export class CommandDecider<C, E extends DomainEvent, R extends DomainRecord> {
  private readonly keys: KnownKeys<C, E, R>;
  private readonly sealer: CommandSealer<C, E, R>;

  constructor(
    private readonly stream: string,
    private readonly deps: WriterDependencies<C, E, R>,
    private readonly parts: DeciderParts<C, E, R>,
    limits: JournalLimits,
  ) {
    const refuse = (pending: Pending<C>, refusal: Refusal): void => this.refuse(pending, refusal);
    const awaits = (pending: Pending<C>, of: AwaitedOutcome): void => parts.waiting.read(pending, of);
    this.sealer = new CommandSealer(deps, parts);
    this.keys = new KnownKeys(stream, deps, { ...parts, refuse, awaits }, limits);
  }

  /** All that the command reads must be in memory. Its caller is answered once what the answer rests on is stored. */
  *decide(pending: Pending<C>, recordedAt: string): DecidingSteps {
    const { envelope, awaited } = pending;
    if (awaited && this.parts.waiting.see(pending, awaited)) return;
    if (awaited) return this.refuseLate(pending, awaited.record);
    const ended = actorEnded(this.deps.actors, envelope);
    if (ended) return this.refuse(pending, ended);
    if (this.keys.answer(pending)) return;
    const closed = whyClosed(this.deps, this.parts.position, envelope);
    if (closed) return pending.reject(closed);
    const { state, position } = this.parts;
    const busy = this.deps.domain.deferral?.busy(envelope.command, state);
    if (busy !== undefined && this.parts.waiting.waits(pending, busy)) return;
    if (busy !== undefined) return this.refuseLate(pending, busy);
    const moment = position.momentOf(recordedAt, envelope.organizationId);
    const context = decideContext(this.stream, envelope, moment, this.parts);
    const steps = this.deps.domain.decideInSteps?.(state, envelope.command, context);
    const decision = steps ? yield* steps : this.deps.domain.decide(state, envelope.command, context);
    if (decision.kind === 'refused') return this.refuse(pending, decision.refusal);
    if (envelope.dryRun === true || (decision.events.length === 0 && !this.isRecorded(pending))) {
      const tooMuch = yield* this.sealer.triedTooLarge(pending, decision, moment);
      if (tooMuch) return this.refuse(pending, tooMuch);
      pending.onDecided?.((key) => state.get(key));
      return yield* this.answerUnchanged(pending, decision, moment);
    }
    if (pending.items) return yield* this.takeItems(pending, pending.items, decision, moment);
    const sealed = yield* this.sealer.seal(pending, decision, moment);
    if (pending.mayBeCut === true) return yield* this.takeWhatFits(pending, decision, sealed, moment);
    if (isTooLarge(sealed, this.parts.room)) return this.refuse(pending, tooLarge(sealed, this.parts.room));
    this.take(pending, decision, sealed, moment);
  }

  /** Nothing is to be recorded but the command's key, if it has one. */
  private *answerUnchanged(pending: Pending<C>, decision: Decided<E, R>, at: Moment): DecidingSteps {
    const keeping = keepingKey(this.deps.domain, pending.envelope, decision);
    if (keeping === undefined) return this.answerWithoutEvents(pending, decision);
    const sealed = yield* this.sealer.seal(pending, keeping, at);
    if (isTooLarge(sealed, this.parts.room)) return this.refuse(pending, tooLarge(sealed, this.parts.room));
    this.take(pending, keeping, sealed, at);
  }

  /** A part of a command under a key: that all of it was refused is recorded, else a later attempt would decide it again, and answer otherwise. */
  private isRecorded({ envelope, items }: Pending<C>): boolean {
    return items !== undefined && items.from > 0 && envelope.idempotencyKey !== undefined;
  }

  /**
   * A command whose items may be stored in several appends, each with as many of them as it takes. All are decided at once, so that nothing comes
   * between them, and every part has an event that says what was refused in it. The later ones are found by their keys when they are asked for.
   */
  private *takeItems(
    pending: Pending<C>,
    { from, of }: ItemRange,
    decided: Decided<E, R>,
    moment: Moment,
  ): DecidingSteps {
    const parts: SealedPart<C, E, R>[] = [];
    let [at, rest, command, eventsMax] = [from, decided, pending, decided.events.length];
    let tooMuch: Refusal | undefined;
    for (;;) {
      const tip = parts.at(-1)?.sealed.tip ?? this.parts.position.tip;
      const part = yield* this.sealPart(command, { from: at, of }, rest, eventsMax, moment, tip);
      if ('code' in part) tooMuch = part;
      else parts.push(part);
      const next =
        'code' in part || part.to === of
          ? undefined
          : pendingRest(this.deps.domain.items, command, at, { from: part.to, of });
      if ('code' in part || next === undefined) break;
      rest = withoutPart(rest, part.events, part.to - at);
      [command, at] = [next, part.to];
      // About as many fit as before; sealing all that is left each time would cost the square of them.
      if (part.events > 0) eventsMax = 2 * part.events;
    }
    for (const { pending: part, decision, sealed, events, to } of parts)
      this.take(part, decision, sealed, moment, { ...(to < of && { rest: to }), isEmpty: events === 0 });
    if (tooMuch) this.refuse(command, tooMuch);
  }

  /** The first items, as many as one append takes; a refusal: not one item fits. */
  private *sealPart(
    pending: Pending<C>,
    { from, of }: ItemRange,
    decided: Decided<E, R>,
    eventsMax: number,
    moment: Moment,
    tip: ChainTip,
  ): Generator<void, SealedPart<C, E, R> | Refusal> {
    const room = this.parts.room.ofParts;
    const isAll = eventsMax >= decided.events.length;
    let part = isAll ? { decision: decided, items: of - from } : takePart(decided, eventsMax);
    for (;;) {
      const to = from + part.items;
      const events = part.decision.events.length;
      const range = from > 0 || to < of ? { from, of, to } : undefined;
      const decision = events === 0 ? this.refusedPart(part.decision, { from, of, to }) : part.decision;
      const sealed = yield* this.sealer.seal(pending, decision, moment, tip, range);
      if (!isTooLarge(sealed, room)) return { pending, decision, sealed, events, to };
      const smaller = smallerPart(decided, part, fitting(sealed, room, this.sealer.overheadBytes));
      if (smaller === undefined) return tooLarge(sealed, room);
      part = smaller;
    }
  }

  private refusedPart(decision: Decided<E, R>, part: CommandPart): Decided<E, R> {
    const event = this.deps.domain.items?.refused(part);
    return { ...decision, events: event === undefined ? [] : [event], changes: [[]] };
  }

  /** Of the writer's own command: its first events, as many as one batch takes and it may end after. */
  private *takeWhatFits(
    pending: Pending<C>,
    decided: Decided<E, R>,
    all: SealedEvents,
    moment: Moment,
  ): DecidingSteps {
    const { events, mayEndAfter } = decided;
    const fits = endWithin(fitting(all, this.parts.room, this.sealer.overheadBytes), mayEndAfter);
    const decision = fits === events.length ? decided : { kind: decided.kind, events: events.slice(0, fits) };
    const sealed = decision === decided ? all : yield* this.sealer.seal(pending, decision, moment);
    if (isTooLarge(sealed, this.parts.room)) return this.refuse(pending, tooLarge(sealed, this.parts.room));
    this.take(pending, decision, sealed, moment);
    pending.onDecided?.((key) => this.parts.state.get(key));
  }

  stored(batch: Batch<C, R>): void {
    this.keys.stored(batch);
  }

  /** Puts a decision's events into the open batch, and its changes over the state. */
  private take(
    pending: Pending<C>,
    decision: Decided<E, R>,
    sealed: SealedEvents,
    moment: Moment,
    { rest, isEmpty = false }: Pick<CommandAccepted, 'rest' | 'isEmpty'> = {},
  ): void {
    const { state, position, batches } = this.parts;
    const [{ domain }, { envelope }] = [this.deps, pending];
    const batch = batches.openFor(sealed, position.tip);
    const firstRevision = position.tip.revision + 1;
    for (let i = 0; i < decision.events.length; i += 1) {
      const at = { stream: this.stream, revision: firstRevision + i, recordedAt: moment.recordedAt };
      const changes = decision.changes?.[i] ?? evolveEvent(domain, state, decision.events[i] as E, at);
      state.speculate(changes);
      for (const change of changes) batch.changes.push(change);
    }
    const actsOutside = domain.actsOutside?.(envelope.command) ?? true;
    const awaited = actsOutside
      ? noteOutside(this.deps, batch, envelope, decision.events, firstRevision)
      : undefined;
    position.tip = sealed.tip;
    batch.after = sealed.tip;
    for (const event of sealed.events) batch.events.push(event);
    batch.bytes += sealed.bytes;
    position.decided(moment, envelope.organizationId);
    const lastRevision = sealed.tip.revision;
    const outcome = (): CommandOutcome => ({
      kind: 'accepted',
      answer: this.answerOf(pending, decision, lastRevision),
      revision: asRevision(saidRevision(this.deps, lastRevision)),
      replayed: false,
      ...(rest !== undefined && { rest }),
      ...(isEmpty && { isEmpty }),
    });
    const waiting: Waiting<C> = { pending, outcome, hasEvents: true, ...(awaited && { awaited }) };
    batch.waiting.push(waiting);
    if (envelope.idempotencyKey !== undefined) {
      const record = { requestHash: envelope.requestHash ?? '', firstRevision, lastRevision };
      batch.keys.set(envelope.idempotencyKey, { record, waiting });
    }
  }

  private answerOf({ envelope }: Pending<C>, decision: Decided<E>, revision: number): string {
    const { answeredAs, events, refusedItems = [] } = decision;
    const at = { command: envelope.command, stream: this.stream, ...saidAt(this.deps, envelope, revision) };
    return this.deps.domain.answer({ ...at, events: answeredAs ?? events, refusedItems });
  }

  private refuse(pending: Pending<C>, why: Refusal): void {
    this.deps.observer.refused(this.stream, why.code);
    const refused = this.parts.position.refused(why, this.stream, this.deps);
    const at = pending.awaited && { revision: asRevision(pending.awaited.revision) };
    this.afterSpeculation({ pending, outcome: () => ({ ...refused, ...at }) });
  }

  /** The call that it waits for is still under way. */
  private refuseLate(pending: Pending<C>, record: string): void {
    const { command } = pending.envelope;
    const refusal = this.deps.domain.deferral?.underWay(this.parts.state, record, command);
    if (refusal) this.refuse(pending, refusal);
  }

  private answerWithoutEvents(pending: Pending<C>, decision: Decided<E>): void {
    const { revision } = this.parts.position.tip;
    const answer = decision.answer ?? this.answerOf(pending, decision, revision);
    const outcome = (): CommandOutcome => ({
      kind: 'accepted',
      answer,
      revision: asRevision(saidRevision(this.deps, revision)),
      replayed: false,
      ...(pending.items && pending.items.from > 0 && { isEmpty: true }),
    });
    this.afterSpeculation({ pending, outcome });
  }

  /** What rests on unstored events, or on a state that may be old, is answered once it is known to hold, else decided again. */
  private afterSpeculation(waiting: Waiting<C>): void {
    const { batches, position } = this.parts;
    const batch = batches.forAnswer(position.tip, isCurrent(this.deps.ownership, this.stream, position));
    if (batch) batch.waiting.push(waiting);
    else waiting.pending.resolve(waiting.outcome());
  }
}
