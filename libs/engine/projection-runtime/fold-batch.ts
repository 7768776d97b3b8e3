import type { FeedBatch, FeedToken } from '@fintech-ledger/event-feed';
import { admit } from './admit';
import type { Admitted, Advance, Parsed, StreamHalt } from './admit';
import type { ChainHead } from './chain-head';
import { WriteFailed } from './errors';
import type { Member } from './member';
import type { RowWriter } from './projection';

export interface FoldedPart {
  readonly projection: string;
  readonly advances: readonly Advance[];
  readonly events: number;
  readonly write: RowWriter;
}

/** A stream that one projection can't go on with. */
export interface Halt extends StreamHalt {
  readonly projection: string;
}

/** A batch, folded for every projection of a lane and ready to be written in one transaction. */
export interface FoldedBatch {
  readonly parts: readonly FoldedPart[];
  readonly halts: readonly Halt[];
  /** Some stream of the batch contradicts what a projection knows: which one is found by taking them apart. */
  readonly failure?: WriteFailed;
  readonly token: FeedToken;
}

/** What was admitted for a member, and on what that rests. */
interface Seen<E> {
  readonly prefixes: string;
  /** Where it stood in each stream of the batch. */
  readonly heads: ReadonlyMap<string, ChainHead>;
  readonly admitted: Admitted<E>;
}

const prefixesOf = <E>({ projection }: Member<E>): string => projection.streamPrefixes.join('\n');

/** Whether the same is admitted for this member: it reads the same streams, and stands where the other one stood. */
function isAlike<E>({ prefixes, heads }: Seen<E>, member: Member<E>): boolean {
  if (!member.suspended.isEmpty || prefixesOf(member) !== prefixes) return false;
  for (const [stream, head] of heads) {
    const { revision, hash } = member.known.get(stream);
    if (revision !== head.revision || hash !== head.hash) return false;
  }
  return true;
}

function admitFor<E>(
  member: Member<E>,
  parsed: readonly Parsed<E>[],
  generations: ReadonlyMap<string, number>,
  seen: Seen<E>[],
): Admitted<E> {
  const heads = new Map<string, ChainHead>();
  const isWhole = member.suspended.isEmpty;
  const admitted = admit(parsed, {
    isOurs: (stream) => member.isOurs(stream),
    headOf: (stream) => {
      const head = member.known.get(stream);
      heads.set(stream, head);
      return head;
    },
    isOutdated: ({ stream, generation }) =>
      generation !== undefined && generations.size > 0 && generation < (generations.get(stream) ?? 0),
    passOver: (stream, revision) => member.suspended.passOver(stream, revision),
  });
  if (isWhole) seen.push({ prefixes: prefixesOf(member), heads, admitted });
  return admitted;
}

/** Folds a parsed batch; a stream that has to halt in one projection keeps nothing else from going on. Pure but for the members' own memory. */
export function foldBatch<E>(
  members: readonly Member<E>[],
  parsed: readonly Parsed<E>[],
  token: FeedBatch['token'],
  generations: ReadonlyMap<string, number>,
): FoldedBatch {
  const parts: FoldedPart[] = [];
  const halts: Halt[] = [];
  const seen: Seen<E>[] = [];
  let failure: WriteFailed | undefined;
  for (const member of members) {
    const { projection, known } = member;
    const { name } = projection;
    const alike = seen.find((one) => isAlike(one, member));
    const admitted = alike?.admitted ?? admitFor(member, parsed, generations, seen);
    for (const halt of admitted.halts) {
      member.suspend(halt.stream, halt.revision);
      halts.push({ projection: name, ...halt });
    }
    if (admitted.events.length === 0) continue;
    try {
      const write = projection.fold(admitted.events);
      parts.push({ projection: name, advances: admitted.advances, events: admitted.events.length, write });
      for (const { stream, to, hash } of admitted.advances) known.set(stream, { revision: to, hash });
    } catch (cause) {
      failure ??= new WriteFailed(name, cause);
    }
  }
  return { parts, halts, token, ...(failure === undefined ? {} : { failure }) };
}
