import type { FeedBatch, FeedToken } from '@fintech-ledger/event-feed';
import { admit } from './admit';
import type { Advance, Parsed } from './admit';
import type { KnownRevisions } from './known-revisions';
import type { Projection, RowWriter } from './projection';

/** A projection in a lane, with the revisions it has reached. */
export interface Member<E> {
  readonly projection: Projection<E>;
  readonly known: KnownRevisions;
}

export interface FoldedPart {
  readonly projection: string;
  readonly advances: readonly Advance[];
  readonly events: number;
  readonly write: RowWriter;
}

export interface Halt {
  readonly projection: string;
  readonly cause: unknown;
}

/** A batch, folded for every projection of a lane and ready to be written in one transaction. */
export interface FoldedBatch {
  readonly parts: readonly FoldedPart[];
  readonly halts: readonly Halt[];
  readonly token: FeedToken;
}

const isOf = (prefixes: readonly string[]) => (stream: string) =>
  prefixes.some((prefix) => stream.startsWith(prefix));

/** Folds a parsed batch; one projection that has to halt doesn't keep the others from going on. Pure but for `known`. */
export function foldBatch<E>(
  members: readonly Member<E>[],
  parsed: readonly Parsed<E>[],
  token: FeedBatch['token'],
): FoldedBatch {
  const parts: FoldedPart[] = [];
  const halts: Halt[] = [];
  for (const { projection, known } of members) {
    const { name } = projection;
    const admitted = admit(parsed, isOf(projection.streamPrefixes), (stream) => known.get(stream));
    if (admitted.halt !== undefined) halts.push({ projection: name, cause: admitted.halt });
    if (admitted.events.length === 0) continue;
    try {
      const write = projection.fold(admitted.events);
      parts.push({ projection: name, advances: admitted.advances, events: admitted.events.length, write });
      for (const { stream, to } of admitted.advances) known.set(stream, to);
    } catch (cause) {
      if (admitted.halt === undefined) halts.push({ projection: name, cause });
    }
  }
  return { parts, halts, token };
}
