import { BrokenInvariant } from '@fintech-ledger/contract';
import type { AnswerRequest, DomainEvent, DomainEvents, DomainRecord, JournalDomain } from './domain';
import type { AnyJoinable, AnyPart, Typed } from './domain-part';
import type { OwnedEffect } from './effect';
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
    effectiveAt: (event, recordedAt) =>
      names.ofEvent(event).effectiveAt?.(event, recordedAt) ??
      base?.effectiveAt?.(event, recordedAt) ??
      recordedAt,
    evolve(view, event, at) {
      const part = names.ofEvent(event);
      if (base === undefined || part === base) return part.evolve(view, event, at);
      return [...base.evolve(view, event, at), ...names.ownOnly(part, part.evolve(view, event, at), event)];
    },
    revisionOf: (key, stream) => names.ofKey(key)?.revisionOf?.(key, stream),
    recordFrom: (key, event) => names.ofKey(key)?.recordFrom?.(key, event),
    encode: (record) =>
      base !== undefined && names.ofRecord(record) === base
        ? base.encode(record)
        : { text: JSON.stringify(record) },
    decode: (key, text) =>
      base !== undefined && names.ofKey(key) === base
        ? base.decode(key, text)
        : (JSON.parse(text) as DomainRecord),
    answer: (request) => of(request.command).answer(request as Answered),
    ...whatIsIntended(names, parts, base),
    ...whatIsDue(names),
    ...(base === undefined ? {} : ofBase(base, of)),
  };
}

/** What only the base has: commands of many items. */
function ofBase(base: AnyJoinable, of: (command: unknown) => Joined): Partial<JoinedDomain> {
  const isOfBase = (command: unknown): command is Typed => of(command) === base;
  const { decideInSteps, items } = base;
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
      return part.effectsOf?.(event).map((effect) => ({ ...effect, module })) ?? [];
    },
  };
}

function whatIsDue(
  names: JoinedNames,
): Pick<JoinedDomain, 'dueAt'> & Partial<Pick<JoinedDomain, 'dueCommand' | 'dueTogether'>> {
  const dueAt = (record: DomainRecord): string | undefined => names.ofRecord(record)?.dueAt?.(record);
  if (names.all.every(({ dueCommand }) => dueCommand === undefined)) return { dueAt };
  return {
    dueAt,
    dueCommand(keys) {
      const part = names.ofKey(keys[0] ?? '');
      if (part?.dueCommand === undefined) throw new BrokenInvariant(`nobody acts on ${keys[0] ?? 'nothing'}`);
      return part.dueCommand(keys);
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
