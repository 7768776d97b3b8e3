import { BrokenInvariant } from '@fintech-ledger/contract';
import type { DomainRecord, RecordChange } from './domain';
import type { AnyJoinable, AnyPart, Typed } from './domain-part';

/** A part, or the domain that parts join. */
export type Joined = AnyPart | AnyJoinable;

/** Which of those that share streams has a command, an event, a record. */
export class JoinedNames {
  private readonly byCommand: ReadonlyMap<string, Joined>;
  private readonly byEvent: ReadonlyMap<string, Joined>;
  private readonly byKind: ReadonlyMap<string, Joined>;
  private readonly byPrefix: ReadonlyMap<string, Joined>;

  /** @throws Error two have the same, or one has only half of what acts on what is due */
  constructor(readonly all: readonly Joined[]) {
    this.byCommand = namesOf(all, ({ commands }) => Object.keys(commands));
    this.byEvent = namesOf(all, ({ events: { names } }) => names);
    this.byKind = namesOf(all, ({ records }) => Object.keys(records));
    this.byPrefix = namesOf(all, ({ records }) => [...new Set(Object.values(records))]);
    for (const [prefix, part] of this.byPrefix) {
      const other = [...this.byPrefix].find(([its, one]) => one !== part && its.startsWith(prefix));
      if (other) throw new Error(`two modules have ${other[0]} in one stream`);
    }
    // A domain has `dueAt` whether anything of it becomes due or not.
    const half = all.find(
      (part) => !('encode' in part) && (part.dueAt === undefined) !== (part.dueCommand === undefined),
    );
    if (half)
      throw new Error(`a module has one of dueAt and dueCommand: that of ${Object.keys(half.commands)[0]}`);
  }

  /** @throws Error nobody has it */
  ofCommand({ type }: Typed): Joined {
    return this.byCommand.get(type) ?? nobodyHas(type);
  }

  /** @throws Error nobody has it */
  ofEvent({ type }: Typed): Joined {
    return this.byEvent.get(type) ?? nobodyHas(type);
  }

  ofRecord({ kind }: DomainRecord): Joined | undefined {
    return this.byKind.get(kind);
  }

  ofKey(key: string): Joined | undefined {
    // Nearly every prefix ends with the first colon; this is asked for each record that a command reads.
    const ofHead = this.byPrefix.get(key.slice(0, key.indexOf(':') + 1));
    return ofHead ?? [...this.byPrefix].find(([prefix]) => key.startsWith(prefix))?.[1];
  }

  /** The changes that a part makes to its own records. @throws BrokenInvariant it changes another one's */
  ownOnly<R extends DomainRecord>(
    part: Joined,
    changes: readonly RecordChange<R>[],
    { type }: Typed,
  ): readonly RecordChange<R>[] {
    for (const { key, record } of changes) {
      const { [record.kind]: prefix } = part.records as Readonly<Record<string, string | undefined>>;
      if (prefix === undefined || !key.startsWith(prefix))
        throw new BrokenInvariant(`${type} changes ${key}, a ${record.kind}, which is not its module's`);
    }
    return changes;
  }
}

function namesOf(
  all: readonly Joined[],
  namesIn: (part: Joined) => readonly string[],
): ReadonlyMap<string, Joined> {
  const found = new Map<string, Joined>();
  for (const part of all) {
    for (const name of namesIn(part)) {
      if (found.has(name)) throw new Error(`two modules have ${name} in one stream`);
      found.set(name, part);
    }
  }
  return found;
}

function nobodyHas(type: string): never {
  throw new Error(`no module has ${type} in this stream`);
}
