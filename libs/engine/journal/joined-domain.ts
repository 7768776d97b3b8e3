import { BrokenInvariant } from '@fintech-ledger/contract';
import type { AnswerRequest, DomainEvent, DomainEvents, DomainRecord, JournalDomain } from './domain';
import type { AnyJoinable, AnyPart, Typed } from './domain-part';
import type { OwnedEffect } from './effect';
import { whatFolds } from './joined-folds';
import { JoinedNames } from './joined-names';
import type { Joined } from './joined-names';

type JoinedDomain = JournalDomain<unknown, DomainEvent, DomainRecord>;
type Answered = AnswerRequest<Typed, DomainEvent>;

/** By the name of the module that it is of. */
export type PartsOfModules = Readonly<Record<string, AnyPart>>;

/**
 * The domain of streams that modules share: each decides its commands, folds its events, answers, and acts on what
 * becomes due of its records. The records of parts are kept as JSON, all of them in the checkpoint but for those that
 * one event says.
 * @param events the events of all
 * @param base the domain that the parts join; absent: they are all there is
 * @throws Error two have a type, or a kind of records, or one has only half of what acts on what is due
 */
export function joinedDomain(
  events: DomainEvents<DomainEvent>,
  parts: PartsOfModules,
  base?: AnyJoinable,
): JoinedDomain {
  const all = Object.values(parts);
  const names = new JoinedNames(base === undefined ? all : [base, ...all]);
  const of = (command: unknown): Joined => names.ofCommand(command as Typed);
  return {
    events,
    reads: (command, view) => of(command).reads(command as Typed, view),
    decide: (view, command, context) => of(command).decide(view, command as Typed, context),
    costOf: (command) => of(command).costOf?.(command as Typed) ?? 1,
    isSentInParts: (command) => of(command).isSentInParts?.(command as Typed) === true,
    effectiveAt: (event, decidedAt) =>
      names.ofEvent(event).effectiveAt?.(event, decidedAt) ??
      base?.effectiveAt?.(event, decidedAt) ??
      decidedAt,
    evolve(view, event, at) {
      const part = names.ofEvent(event);
      if (base === undefined || part === base) return part.evolve(view, event, at);
      return [...base.evolve(view, event, at), ...names.ownOnly(part, part.evolve(view, event, at), event)];
    },
    revisionOf: (key, stream) => names.ofKey(key)?.revisionOf?.(key, stream),
    recordFrom: (key, event) => names.ofKey(key)?.recordFrom?.(key, event),
    ...whatFolds(parts, (record) => names.ofRecord(record), base),
    encode: (record) =>
      base !== undefined && names.ofRecord(record) === base
        ? base.encode(record)
        : { text: JSON.stringify(record) },
    decode: (key, text) =>
      base !== undefined && names.ofKey(key) === base
        ? base.decode(key, text)
        : (JSON.parse(text) as DomainRecord),
    answer: (request) => of(request.command).answer(request as Answered),
    actsOutside: (command) => of(command).effectsOf !== undefined || of(command).deferral !== undefined,
    ...whatIsIntended(names, parts, base),
    ...whatIsDue(names),
    ...whatIsResumed(names),
    ...whatIsDeferred(names),
    ...(base === undefined ? {} : ofBase(base, of)),
  };
}

/** What only the base has: commands of many items, and the event that keeps the keys of all. */
function ofBase(base: AnyJoinable, of: (command: unknown) => Joined): Partial<JoinedDomain> {
  const isOfBase = (command: unknown): command is Typed => of(command) === base;
  const { decideInSteps, items, unchanged } = base;
  return {
    ...(decideInSteps && {
      decideInSteps: (view, command, context) =>
        isOfBase(command) ? decideInSteps(view, command, context) : undefined,
    }),
    ...(items && {
      items: {
        ...items,
        count: (command) => (isOfBase(command) ? items.count(command) : undefined),
        from: (command, index) => (isOfBase(command) ? items.from(command, index) : command),
      },
    }),
    ...(unchanged && { unchanged }),
  };
}

/** An effect of a part is its module's. */
function whatIsIntended(
  names: JoinedNames,
  parts: PartsOfModules,
  base?: AnyJoinable,
): Pick<JoinedDomain, 'effectsOf'> {
  if (names.all.every(({ effectsOf }) => effectsOf === undefined)) return {};
  const owners = new Map<Joined, string>(Object.entries(parts).map(([module, part]) => [part, module]));
  return {
    effectsOf(event): readonly OwnedEffect[] {
      const part = names.ofEvent(event);
      const module = owners.get(part);
      if (module === undefined) return base?.effectsOf?.(event) ?? [];
      const effects = part.effectsOf?.(event) ?? [];
      return effects.map(({ kind, key, attempt, data }) => ({ kind, key, attempt, data, module }));
    },
  };
}

function whatIsDue(names: JoinedNames): Pick<JoinedDomain, 'dueAt'> & Partial<JoinedDomain> {
  const dueAt = (record: DomainRecord): string | undefined => names.ofRecord(record)?.dueAt?.(record);
  if (names.all.every(({ dueCommand }) => dueCommand === undefined)) return { dueAt };
  const acting = names.all.filter(({ dueCommand }) => dueCommand !== undefined);
  const isDueInRealTime = acting[0]?.isDueInRealTime === true;
  if (acting.some((part) => (part.isDueInRealTime === true) !== isDueInRealTime))
    throw new Error('in one stream all is due in real time, or all by the clock of its organization');
  return {
    dueAt,
    isDueInRealTime,
    isDueLast: (key) => names.ofKey(key)?.isDueLast?.(key) === true,
    dueCommand(keys) {
      const command = names.ofKey(keys[0] ?? '')?.dueCommand?.(keys);
      if (command === undefined) throw new BrokenInvariant(`nobody acts on ${keys[0] ?? 'nothing'}`);
      return command;
    },
    dueTogether(keys) {
      const byPart = new Map<Joined | undefined, string[]>();
      for (const key of keys) {
        const part = names.ofKey(key);
        const together = byPart.get(part);
        if (together === undefined) byPart.set(part, [key]);
        else together.push(key);
      }
      return [...byPart.values()];
    },
  };
}

/** Each part goes on with its own records. */
function whatIsResumed(names: JoinedNames): Pick<JoinedDomain, 'resumption'> {
  const times = names.all.flatMap(({ resumption }) => resumption?.withinMs ?? []);
  const commands = (keys: readonly string[]) =>
    names.all.flatMap((part) => {
      const own = keys.filter((key) => names.ofKey(key) === part);
      return own.length === 0 ? [] : (part.resumption?.commands(own) ?? []);
    });
  return times.length === 0 ? {} : { resumption: { withinMs: Math.max(...times), commands } };
}

/** Answers that come later are those of the part whose command it is. */
function whatIsDeferred(names: JoinedNames): Pick<JoinedDomain, 'deferral'> {
  if (names.all.every(({ deferral }) => deferral === undefined)) return {};
  const of = (command: unknown): Joined['deferral'] => names.ofCommand(command as Typed).deferral;
  return {
    deferral: {
      awaited: (command, events) => of(command)?.awaited(command as Typed, events),
      busy: (command, view) => of(command)?.busy(command as Typed, view),
      ended: (event) => names.ofEvent(event).deferral?.ended(event),
      endedAt: (record, call) => names.ofRecord(record)?.deferral?.endedAt(record, call),
      answer: (request) => known(of(request.command)).answer(request as Answered),
      underWay: (view, record, command) => known(of(command)).underWay(view, record, command as Typed),
    },
  };
}

function known<T>(deferral: T | undefined): T {
  if (deferral === undefined) throw new BrokenInvariant('a command waits whose module waits for nothing');
  return deferral;
}
