import { BrokenInvariant } from '@fintech-ledger/contract';
import type { Decided, DomainEvent, DomainRecord, JournalDomain } from './domain';
import type { CommandEnvelope } from './gateway';

type OfDomain<C, E extends DomainEvent, R extends DomainRecord> = Pick<
  JournalDomain<C, E, R>,
  'events' | 'unchanged'
>;

/** The decision with an event that keeps the command's key; undefined: there is no key, or no such event. */
export function keepingKey<C, E extends DomainEvent, R extends DomainRecord>(
  { events, unchanged }: OfDomain<C, E, R>,
  { dryRun, idempotencyKey }: CommandEnvelope<C>,
  decision: Decided<E, R>,
): Decided<E, R> | undefined {
  const { answeredAs } = decision;
  if (dryRun === true || idempotencyKey === undefined || decision.events.length > 0) return undefined;
  if (answeredAs === undefined || unchanged === undefined) return undefined;
  const answered = answeredAs.map(({ type, data }) => ({ type, version: events.versionOf(type), data }));
  return { ...decision, events: [unchanged.event(answered)] };
}

/**
 * What a command is answered with, of what was recorded of it.
 * @throws BrokenInvariant what was kept for the answer can't be read
 */
export function answeringEvents<C, E extends DomainEvent, R extends DomainRecord>(
  { events, unchanged }: OfDomain<C, E, R>,
  recorded: readonly E[],
): readonly E[] {
  const [first] = recorded;
  const answered = first && recorded.length === 1 ? unchanged?.answered(first) : undefined;
  if (answered === undefined) return recorded;
  return answered.map(({ type, version, data }) => {
    const event = events.read(type, version, data);
    if (typeof event === 'string') throw new BrokenInvariant(`an answer can't be made again: ${event}`);
    return event;
  });
}
