import type { FeedEvent } from '@fintech-ledger/event-feed';
import { linkInText, ownText } from './chain-head';
import type { ChainHead, ChainLink } from './chain-head';
import { GapFound, JournalRewritten, PoisonEvent } from './errors';
import type { Decode, LinkOf } from './projection';

/** An event with its parsed form, or why it has none. */
export interface Parsed<E> {
  readonly event: FeedEvent;
  readonly decoded: E | PoisonEvent;
  readonly link: ChainLink;
}

/** How far a stream was moved by a batch. */
export interface Advance {
  readonly stream: string;
  readonly from: number;
  readonly to: number;
  /** Chain hash of the event at `to`. */
  readonly hash: string | undefined;
}

/** A stream that can't go on. */
export interface StreamHalt {
  readonly stream: string;
  /** The first one that is not applied. */
  readonly revision: number;
  readonly cause: unknown;
}

export interface Admitted<E> {
  readonly events: readonly E[];
  readonly advances: readonly Advance[];
  /** The streams that are halted; their events before it are admitted, and all of the others. */
  readonly halts: readonly StreamHalt[];
}

export interface Admission {
  readonly isOurs: (stream: string) => boolean;
  readonly headOf: (stream: string) => ChainHead;
  /** An event of a history that counts for nothing any more. */
  readonly isOutdated?: (event: FeedEvent) => boolean;
  /** Of a stream that is halted already: its events are passed over, and this is told how far. */
  readonly passOver?: (stream: string, revision: number) => boolean;
}

const unlinked: ChainLink = { previousHash: undefined, hash: undefined };

/** Parses a batch once, for all projections that will read it. */
export function parseBatch<E>(
  events: readonly FeedEvent[],
  decode: Decode<E>,
  linkOf: LinkOf<E> = (_decoded, event) => linkInText(event),
): readonly Parsed<E>[] {
  return events.map((event) => {
    const decoded = parsedForm(event, decode);
    return { event, decoded, link: decoded instanceof PoisonEvent ? unlinked : linkOf(decoded, event) };
  });
}

function parsedForm<E>(event: FeedEvent, decode: Decode<E>): E | PoisonEvent {
  if (event.unreadable !== undefined) return new PoisonEvent(event, event.unreadable);
  try {
    return decode(event);
  } catch (error) {
    if (error instanceof PoisonEvent) return error;
    throw error;
  }
}

/** Where a stream was before the batch, and is after a part of it. */
interface Move {
  readonly from: number;
  revision: number;
  hash: string | undefined;
  halt: Error | undefined;
}

/**
 * What of a batch a projection applies; pure. A revision at or below the last applied one is a repetition and is skipped, and one at the last must be
 * the very event; the next one must follow it in the chain of hashes. Anything else halts its stream, and no other one.
 */
export function admit<E>(
  batch: readonly Parsed<E>[],
  { isOurs, headOf, isOutdated = () => false, passOver = () => false }: Admission,
): Admitted<E> {
  const events: E[] = [];
  const moves = new Map<string, Move>();
  for (const parsed of batch) {
    const { event, link } = parsed;
    const { stream } = event;
    if (!isOurs(stream) || isOutdated(event) || passOver(stream, event.revision)) continue;
    let move = moves.get(stream);
    if (move === undefined) {
      const { revision, hash } = headOf(stream);
      move = { from: revision, revision, hash, halt: undefined };
      moves.set(stream, move);
    }
    if (move.halt !== undefined) continue;
    move.halt = reasonToHalt(parsed, move);
    if (move.halt !== undefined || event.revision <= move.revision) continue;
    events.push(parsed.decoded as E);
    move.revision = event.revision;
    move.hash = link.hash;
  }
  const advances: Advance[] = [];
  const halts: StreamHalt[] = [];
  for (const [stream, { from, revision, hash, halt }] of moves) {
    if (revision > from)
      advances.push({ stream, from, to: revision, hash: hash === undefined ? hash : ownText(hash) });
    if (halt !== undefined) halts.push({ stream, revision: revision + 1, cause: halt });
  }
  return { events, advances, halts };
}

function reasonToHalt<E>({ event, decoded, link }: Parsed<E>, head: ChainHead): Error | undefined {
  const { revision } = event;
  if (revision < head.revision) return undefined;
  if (revision === head.revision)
    return differ(link.hash, head.hash) ? new JournalRewritten(event, revision) : undefined;
  // A record without a readable revision is whatever comes next.
  if (revision > head.revision + 1) return new GapFound(event, head.revision);
  if (decoded instanceof PoisonEvent) return decoded;
  return differ(link.previousHash, head.hash) ? new JournalRewritten(event, head.revision) : undefined;
}

const differ = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a !== b;
