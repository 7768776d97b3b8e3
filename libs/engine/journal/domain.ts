import type { CommandPart } from '@fintech-ledger/envelope';
import type { Refusal } from '@fintech-ledger/contract';
import type { OwnedEffect } from './effect';

/** A record of the writer's state, immutable; which kinds there are belongs to the domain. */
export interface DomainRecord {
  readonly kind: string;
}

/** Read access to a writer's state. `undefined`: there is no such record. */
export interface RecordView<R extends DomainRecord> {
  get(key: string): R | undefined;
}

/** Time and ids arrive as data, so that `decide` stays pure. */
export interface DecideContext {
  /** RFC 3339, UTC, milliseconds, by the clock of the organization; never goes back within a stream. */
  readonly now: string;
  /** The same by our clock, which is always real time. Absent: `now` is. */
  readonly recordedAt?: string;
  readonly organizationId: string;
  /** Deterministic ids for what event number `index` of this decision creates, e.g. `newId('txn', 0)`. */
  newId(prefix: string, index: number): string;
  /** See `CommandEnvelope`. */
  readonly isOutcome?: boolean;
  /** The most bytes that one event may have to be stored, with its metadata. */
  readonly eventBytesMax?: number;
}

export interface DomainEvent {
  readonly type: string;
  /** JSON-safe; object keys in sorted order where the hot path builds it (canonicalised anyway). */
  readonly data: object;
}

export interface Decided<E extends DomainEvent, R extends DomainRecord = DomainRecord> {
  readonly kind: 'decided';
  readonly events: readonly E[];
  /** Of `dueCommand`: after how many of the events it may end, in ascending order. Absent: after any. */
  readonly mayEndAfter?: readonly number[];
  /** What `evolve` gives for each event, when deciding needed it already; else the writer evolves on its own. */
  readonly changes?: readonly (readonly RecordChange<R>[])[];
  /** For commands with several parts: kept in the first event's metadata, so that a replay can give the first answer. */
  readonly refusedItems?: readonly { readonly index: number; readonly refusal: Refusal }[];
  /** Without events: what `answer` is given instead. */
  readonly answeredAs?: readonly E[];
  /** Without events: the whole answer, a JSON text, of a command that only asks. */
  readonly answer?: string;
}
export type Decision<E extends DomainEvent, R extends DomainRecord = DomainRecord> =
  Decided<E, R> | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface RecordChange<R extends DomainRecord> {
  readonly key: string;
  readonly record: R;
}

/** Where and when an event was recorded. */
export interface RecordedAt {
  readonly stream: string;
  readonly revision: number;
  readonly recordedAt: string;
}

/** What a checkpoint keeps of a record besides its text. */
export interface CheckpointColumns {
  /** RFC 3339: when the writer must act on it without a command (a hold's expiry). */
  readonly dueAt?: string;
  /** Both or neither: summed per currency when a checkpoint is verified. Posted plus pending, minor units. */
  readonly currency?: string;
  readonly debits?: bigint;
  readonly credits?: bigint;
}

export interface CommandItems<C, E extends DomainEvent = DomainEvent> {
  /** How many it has; undefined: it is stored whole or not at all. */
  count(command: C): number | undefined;
  /** The command without the items before this one. */
  from(command: C, index: number): C;
  /** What is recorded of a part that was refused as a whole. It changes no record. */
  refused(part: CommandPart): E;
  /** One answer of the answers to its parts. @param last the last one of which something was booked: its position is the answer's */
  join(answers: readonly string[], last: number): string;
}

/** An event that was not recorded, with the version that it would have been recorded in. */
export interface AnsweringEvent {
  readonly type: string;
  readonly version: number;
  readonly data: object;
}

/**
 * What is recorded of a command that changed nothing and has an idempotency key. Without it a repetition would be
 * decided again, and might undo what was changed since.
 */
export interface UnchangedCommands<E extends DomainEvent> {
  /** @param answered what the answer is made of. The event changes no record. */
  event(answered: readonly AnsweringEvent[]): E;
  /** What such an event was made with; undefined: it is another one. */
  answered(event: E): readonly AnsweringEvent[] | undefined;
}

/** The event types of a domain, each in every version that was recorded (`EventList` of the contract). */
export interface DomainEvents<E extends DomainEvent> {
  /** The version in which events of a type are recorded. */
  versionOf(type: E['type']): number;
  /** A recorded event as the newest version of its type has it; a text: why it can't be read. */
  read(type: string, version: unknown, data: object): E | string;
  /** Keys of the records that `evolve` reads. */
  touches(event: E): readonly string[];
}

/** A bounded context as the journal writer runs it. All functions are pure. */
export interface JournalDomain<C, E extends DomainEvent, R extends DomainRecord> {
  readonly events: DomainEvents<E>;
  /** Keys of the records that `decide` will read; asked again once those are there, until it names nothing new. */
  reads(command: C, view: RecordView<R>): readonly string[];
  decide(view: RecordView<R>, command: C, context: DecideContext): Decision<E, R>;
  /**
   * The same for a command of many items, with a stop after each; undefined: it has one. What it reads is as it was
   * until it has ended, and when it is given up in between nothing is left of it.
   */
  decideInSteps?(
    view: RecordView<R>,
    command: C,
    context: DecideContext,
  ): Generator<void, Decision<E, R>> | undefined;
  /** How much there is to decide, in units of the most common command. Absent: one. */
  costOf?(command: C): number;
  /** When an event counts (RFC 3339); absent: when it is decided, by the clock of the organization. */
  effectiveAt?(event: E, decidedAt: string): string;
  /** @throws BrokenInvariant when the event contradicts the state */
  evolve(view: RecordView<R>, event: E, at: RecordedAt): readonly RecordChange<R>[];
  /** A record that is in no checkpoint because one event says all of it; else undefined. */
  revisionOf(key: string, stream: string): number | undefined;
  recordFrom(key: string, event: E): R | undefined;
  /**
   * Names what folded a record, and in which version: what the same events give may change from release to release. A
   * checkpoint with a record of another fold than those of `folds` is not used, and the journal is folded again.
   * Absent: it has always been the same.
   */
  foldOf?(record: R): string | undefined;
  /** With `foldOf`: all that it may say. */
  readonly folds?: ReadonlySet<string>;
  encode(record: R): { readonly text: string; readonly columns?: CheckpointColumns };
  decode(key: string, text: string): R;
  /** Whether `dueAt` is meant in real time. Absent: by the clock of the organization. */
  readonly isDueInRealTime?: boolean;
  /** When the writer must act on this record without a command, if ever: RFC 3339, as in `encode`'s columns. */
  dueAt(record: R): string | undefined;
  /**
   * The command that acts on records whose `dueAt` has come. When all its events are too much for one append, only the
   * first ones are taken, up to one of `mayEndAfter`: they must be right without those that come with a later command.
   */
  dueCommand?(keys: readonly string[]): C;
  /** Whether a record is acted on after all others that are due at its time or before. Absent: none is. */
  isDueLast?(key: string): boolean;
  /** The keys by what one `dueCommand` acts on. Absent: on all of them. */
  dueTogether?(keys: readonly string[]): readonly (readonly string[])[];
  /** What is looked at once when a writer has loaded its stream, before it is due. */
  readonly resumption?: Resumption<C>;
  /**
   * What an event intends to be done outside, once it is stored. Until its outcome is recorded, a record of the domain
   * must be due from time to time: when the process died, that leads to the next attempt.
   */
  effectsOf?(event: E): readonly OwnedEffect[];
  /** Whether the events of a command may intend effects, or begin or end calls. Absent: where there are any at all. */
  actsOutside?(command: C): boolean;
  /** For commands that wait for what their effects come to. */
  readonly deferral?: Deferral<C, E, R>;
  /** For commands of many items that are not all or nothing: such a command may be stored in several appends. */
  readonly items?: CommandItems<C, E>;
  /** Whether its caller sends it in parts where it is too large, and a dry run whole. Absent: none is. */
  isSentInParts?(command: C): boolean;
  /** For commands that may change nothing. Absent: their keys are not kept. */
  readonly unchanged?: UnchangedCommands<E>;
  /** The JSON text of the first (and every later) answer to a command, from its events alone. */
  answer(request: AnswerRequest<C, E>): string;
}

/** For what may have been under way when the process died that wrote the stream before. */
export interface Resumption<C> {
  /** How soon after the start records are due that are looked at. */
  readonly withinMs: number;
  /** Commands that go on with them; records of others are among the keys, and are left as they are. */
  commands(keys: readonly string[]): readonly C[];
}

export interface AnswerRequest<C, E extends DomainEvent> {
  /** The command; for a replay the repeated one, whose request hash is the same. */
  readonly command: C;
  readonly stream: string;
  /** The revision of the last event; without events, the one that the command was judged at. */
  readonly revision: number;
  readonly events: readonly E[];
  readonly refusedItems: readonly { readonly index: number; readonly refusal: Refusal }[];
  readonly dryRun: boolean;
}

/** A call outside of the journal, and the record that says whether it is under way. */
export interface AwaitedCall {
  /** The key of the record. */
  readonly record: string;
  /** Which of the calls that the record knows. */
  readonly call: string;
}

/** What a command is answered with that waited for the end of a call. It is the same for ever, whichever it is. */
export type DeferredAnswer =
  | { readonly kind: 'answered'; readonly answer: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * Answers that come later than the events of their command: with the event that ends the call which those intend. Until
 * then the command waits outside of the queue, and whatever else the stream has to do goes on. All functions are pure.
 */
export interface Deferral<C, E extends DomainEvent, R extends DomainRecord, V extends DomainRecord = R> {
  /** What the answer to a command waits for, from its events alone; undefined: it is answered once they are stored. */
  awaited(command: C, events: readonly E[]): AwaitedCall | undefined;
  /**
   * The key of a record that `reads` names, of which a call is under way: the command is judged once that has ended.
   * Undefined: now. What records the outcome of a call never waits.
   */
  busy(command: C, view: RecordView<V>): string | undefined;
  /** The call that an event ends, whether with a success, a refusal, or because nobody knows yet. */
  ended(event: E): AwaitedCall | undefined;
  /** The revision of the event that ended a call, as long as the record is kept; undefined: it is under way. */
  endedAt(record: R, call: string): number | undefined;
  /** The answer to a command. The last of the events is the one that ended the call, the others are its own. */
  answer(request: AnswerRequest<C, E>): DeferredAnswer;
  /** The answer after the longest wait: the call is still under way. It is not kept, the command may be sent again. */
  underWay(view: RecordView<V>, record: string, command: C): Refusal;
}
