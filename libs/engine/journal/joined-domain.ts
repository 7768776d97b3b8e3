import type { AnswerRequest, DecideContext, Decision, DomainEvent, DomainEvents } from './domain';
import type { DomainRecord, JournalDomain, RecordChange, RecordView, RecordedAt } from './domain';

interface Typed {
  readonly type: string;
}

/** What one module does in streams that it shares with others: its own commands and events, over its own records. */
export interface DomainPart<C extends Typed, E extends DomainEvent, R extends DomainRecord> {
  /** One for each type: a type without one does not compile. */
  readonly commands: Readonly<Record<C['type'], true>>;
  readonly events: { readonly names: readonly string[] };
  reads(command: C): readonly string[];
  decide(view: RecordView<R>, command: C, context: DecideContext): Decision<E, R>;
  evolve(view: RecordView<R>, event: E, at: RecordedAt): readonly RecordChange<R>[];
  answer(request: AnswerRequest<C, E>): string;
}
/** A part, whatever its commands, events and records are. */
export type AnyPart = DomainPart<Typed, DomainEvent, DomainRecord>;

/**
 * The domain of streams that modules share: each decides its commands, folds its events and answers.
 * Their records are kept as JSON, all of them in the checkpoint, and nothing becomes due.
 * @param events the events of all parts
 */
export function joinedDomain(
  events: DomainEvents<DomainEvent>,
  parts: readonly AnyPart[],
): JournalDomain<unknown, DomainEvent, DomainRecord> {
  const ofCommand = partsBy(parts, ({ commands }) => Object.keys(commands));
  const ofEvent = partsBy(parts, ({ events: { names } }) => names);
  return {
    events,
    reads: (command) => ofCommand(command as Typed).reads(command as Typed),
    decide: (view, command, context) => ofCommand(command as Typed).decide(view, command as Typed, context),
    evolve: (view, event, at) => ofEvent(event).evolve(view, event, at),
    revisionOf: () => undefined,
    recordFrom: () => undefined,
    encode: (record) => ({ text: JSON.stringify(record) }),
    decode: (_key, text) => JSON.parse(text) as DomainRecord,
    dueAt: () => undefined,
    answer: (request) =>
      ofCommand(request.command as Typed).answer(request as AnswerRequest<Typed, DomainEvent>),
  };
}

/** @throws Error two parts have a type */
function partsBy(
  parts: readonly AnyPart[],
  typesOf: (part: AnyPart) => readonly string[],
): (typed: Typed) => AnyPart {
  const byType = new Map<string, AnyPart>();
  for (const part of parts) {
    for (const type of typesOf(part)) {
      if (byType.has(type)) throw new Error(`two modules have ${type} in one stream`);
      byType.set(type, part);
    }
  }
  return ({ type }) => {
    const part = byType.get(type);
    if (part === undefined) throw new Error(`no module has ${type} in this stream`);
    return part;
  };
}
