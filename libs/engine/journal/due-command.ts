import { BrokenInvariant } from '@fintech-ledger/contract';
import { OutcomeUnknown, StoreUnavailable, WrongExpectedRevision } from '@fintech-ledger/event-store';
import { systemActor } from './actors';
import type { Pending } from './batch';
import { CheckpointCorrupt } from './checkpoint-store';
import type { DomainEvent, DomainRecord, JournalDomain } from './domain';
import { CommandOutcomeUnknown } from './gateway';
import type { WriterPosition } from './writer-position';

/** A command for due records was asked for, and what became of them is not known yet. */
export interface Group {
  readonly keys: readonly string[];
  /** When each was due; of others, too. */
  readonly dueAts: ReadonlyMap<string, string>;
  /** Those that the decision left as they were. */
  left: readonly string[];
}

/** What a command fails with that has nothing to do with its records. */
const passing = [StoreUnavailable, OutcomeUnknown, WrongExpectedRevision, CheckpointCorrupt];

/** What is wrong with the records, or with who acts on them; undefined: nothing, as far as is known. */
export function bugIn(error: Error): Error | undefined {
  const { cause } = error;
  const isBug = cause instanceof Error && !passing.some((kind) => cause instanceof kind);
  return isBug && !(error instanceof CommandOutcomeUnknown) ? cause : undefined;
}

interface DueGroup {
  readonly stream: string;
  /** The writer's, see `JournalWriter`. */
  readonly incarnation: string;
  readonly keys: readonly string[];
  readonly now: string;
  /** Among the groups that are due at once. */
  readonly index: number;
}

/** The writer's own command for records whose time has come. @throws BrokenInvariant nobody acts on them */
export function dueCommand<C, E extends DomainEvent, R extends DomainRecord>(
  domain: Pick<JournalDomain<C, E, R>, 'dueCommand'>,
  { organizationId, tip }: Pick<WriterPosition, 'organizationId' | 'tip'>,
  { stream, incarnation, keys, now, index }: DueGroup,
): Pick<Pending<C>, 'envelope' | 'commandKey'> {
  const command = domain.dueCommand?.(keys);
  if (command === undefined) throw new BrokenInvariant(`${keys[0]} is due, and nobody acts on it`);
  // Of its own kind, and no count: when it is taken may depend on the moment, what it makes must not.
  const commandKey = `due\n${incarnation}\n${now}\n${tip.revision}`;
  return {
    envelope: { stream, organizationId, actor: systemActor, command, correlationId: `due:${now}` },
    commandKey: index === 0 ? commandKey : `${commandKey}\n${index}`,
  };
}
