import type {
  AnswerRequest,
  DecideContext,
  Decided,
  Decision,
  Deferral,
  DomainEvent,
  Resumption,
} from './domain';
import type { Effect } from './effect';
import type { DomainRecord, JournalDomain, RecordChange, RecordView, RecordedAt } from './domain';

export interface Typed {
  readonly type: string;
}

/** What a part calls its own: no other part of its streams has any of it. */
interface OwnNames<C extends Typed, R extends DomainRecord> {
  /** One for each type: a type without one does not compile. */
  readonly commands: Readonly<Record<C['type'], true>>;
  /** What the keys of the records of each kind begin with: a kind without it does not compile. */
  readonly records: Readonly<Record<R['kind'], string>>;
}

/** What folding its events changes is not told beforehand: others may fold them too. */
type PartDecision<E extends DomainEvent> =
  Omit<Decided<E>, 'changes'> | Extract<Decision<E>, { readonly kind: 'refused' }>;

/**
 * What one module does in streams that it shares with others: its own commands and events, over its own records. Those
 * are kept as JSON.
 * @typeParam V the records that it reads: its own, and those of others
 */
export interface DomainPart<
  C extends Typed,
  E extends DomainEvent,
  R extends DomainRecord,
  V extends DomainRecord = R,
> extends OwnNames<C, R> {
  readonly events: { readonly names: readonly string[] };
  /** To be raised when events already recorded give other records than before. Absent: 1. */
  readonly foldVersion?: number;
  /** See `JournalDomain`, as for all that follows. */
  reads(command: C, view: RecordView<V>): readonly string[];
  decide(view: RecordView<V>, command: C, context: DecideContext): PartDecision<E>;
  costOf?(command: C): number;
  isSentInParts?(command: C): boolean;
  effectiveAt?(event: E, decidedAt: string): string;
  /** The records of its own that its event changes. */
  evolve(view: RecordView<V>, event: E, at: RecordedAt): readonly RecordChange<R>[];
  revisionOf?(key: string, stream: string): number | undefined;
  recordFrom?(key: string, event: E): R | undefined;
  effectsOf?(event: E): readonly Effect[];
  readonly deferral?: Deferral<C, E, R, V>;
  /** See `JournalDomain`: the same for all parts of which something is due. */
  readonly isDueInRealTime?: boolean;
  /** With `dueCommand`, or not at all. */
  dueAt?(record: R): string | undefined;
  dueCommand?(keys: readonly string[]): C;
  /** See `JournalDomain`. */
  isDueLast?(key: string): boolean;
  /** As of a `JournalDomain`; the keys are those of its own records. */
  readonly resumption?: Resumption<C>;
  answer(request: AnswerRequest<C, E>): string;
}
/** A part, whatever its commands, events and records are. */
export type AnyPart = DomainPart<Typed, DomainEvent, DomainRecord>;

/**
 * The domain that parts of other modules join: alone it has the streams to itself. Where it is joined, `evolve`,
 * `effectiveAt` and `recordFrom` are asked about the events of the others too, for what these say of its records.
 */
export interface JoinableDomain<C extends Typed, E extends DomainEvent, R extends DomainRecord>
  extends JournalDomain<C, E, R>, OwnNames<C, R> {
  readonly events: JournalDomain<C, E, R>['events'] & { readonly names: readonly string[] };
  /** As of a `DomainPart`. */
  readonly foldVersion?: number;
}
/** Such a domain, whatever its commands, events and records are. */
export type AnyJoinable = JoinableDomain<Typed, DomainEvent, DomainRecord>;
