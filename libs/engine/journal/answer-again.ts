import { BrokenInvariant } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import type { AwaitedOutcome } from './batch';
import type { KeyRecord } from './checkpoint-store';
import type { DomainEvent, DomainRecord, JournalDomain } from './domain';
import type { CommandEnvelope } from './gateway';
import { readJournal } from './journal-reader';
import type { JournalEvent } from './journal-reader';
import { saidRevision } from './trying';
import type { Trying } from './trying';
import { answeringEvents } from './unchanged';
import type { JournalStore } from './writer-dependencies';

interface FirstAnswer {
  readonly answer: string;
  readonly rest?: number;
  readonly isEmpty?: boolean;
}

/**
 * Makes a command's first answer again from its events; `awaited`: it is made of a later event too.
 * @param pageEvents events read at a time
 * @throws StoreUnavailable · BrokenInvariant: the events are not there, or not of this key
 */
export async function answerAgain<C, E extends DomainEvent, R extends DomainRecord>(
  deps: {
    readonly domain: JournalDomain<C, E, R>;
    readonly eventStore: JournalStore;
    readonly triedAfter?: number | undefined;
  },
  envelope: CommandEnvelope<C>,
  { firstRevision, lastRevision }: KeyRecord,
  pageEvents: number,
): Promise<FirstAnswer | { readonly awaited: AwaitedOutcome }> {
  const { stream } = envelope;
  const size = lastRevision - firstRevision + 1;
  const events: JournalEvent<E>[] = [];
  while (events.length < size) {
    const from = firstRevision + events.length;
    const limit = Math.min(size - events.length, pageEvents);
    const page = await readJournal(deps.eventStore, deps.domain.events, stream, from, limit);
    if (page.length === 0) throw new BrokenInvariant(`${stream} ends before ${lastRevision}`);
    events.push(...page);
  }
  const metadata = events[0]?.metadata;
  if (metadata === undefined || metadata.idempotencyKey !== envelope.idempotencyKey) {
    throw new BrokenInvariant(`${stream}@${firstRevision} is not of the idempotency key that leads to it`);
  }
  const { command } = envelope;
  const own = events.map(({ event }) => event);
  const awaited = deps.domain.deferral?.awaited(command, own);
  if (awaited) {
    const { $correlationId: correlationId } = metadata;
    return { awaited: { ...awaited, events: own, revision: lastRevision, isReplay: true, correlationId } };
  }
  const answer = deps.domain.answer({
    command,
    stream,
    revision: saidRevision(deps, lastRevision),
    events: answeringEvents(deps.domain, own),
    refusedItems: (metadata.refusedItems ?? []) as { index: number; refusal: Refusal }[],
    dryRun: isTried(deps, firstRevision),
  });
  const { part } = metadata;
  if (part === undefined) return { answer };
  const isEmpty = metadata.refusedItems?.length === part.to - part.from;
  return { answer, ...(part.to < part.of && { rest: part.to }), ...(isEmpty && { isEmpty }) };
}

/** Whether the event at this revision was only tried. */
function isTried({ triedAfter = Infinity }: Trying, revision: number): boolean {
  return revision > triedAfter;
}
