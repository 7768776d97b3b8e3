import type { Advance } from './admit';

/** One projection's part of a batch. */
export interface CheckpointMove {
  readonly projection: string;
  readonly advances: readonly Advance[];
}

/** Streams that move alike in several projections. */
export interface MovesAlike {
  readonly projections: readonly string[];
  readonly advances: readonly Advance[];
}

interface OfStream {
  readonly advance: Advance;
  readonly projections: string[];
  isAlike: boolean;
}

/**
 * Takes moves together, as the projections of a lane nearly always stand at the same place: `alike` are those of
 * streams that all of their projections have begun, and move from one place to another; `others` are the rest.
 */
export function takeTogether(moves: readonly CheckpointMove[]): {
  readonly alike: readonly MovesAlike[];
  readonly others: readonly CheckpointMove[];
} {
  const streams = streamsOf(moves);
  const groups = new Map<string, { projections: readonly string[]; advances: Advance[] }>();
  let areAllAlike = true;
  for (const { advance, projections, isAlike } of streams.values()) {
    areAllAlike &&= isAlike;
    if (!isAlike) continue;
    const names = projections.join('\n');
    const group = groups.get(names);
    if (group) group.advances.push(advance);
    else groups.set(names, { projections, advances: [advance] });
  }
  if (areAllAlike) return { alike: [...groups.values()], others: [] };
  const others = moves.map(({ projection, advances }) => ({
    projection,
    advances: advances.filter(({ stream }) => streams.get(stream)?.isAlike !== true),
  }));
  return { alike: [...groups.values()], others };
}

/** Projections of which the same was admitted share the list of their advances: most of them. */
function sharing(moves: readonly CheckpointMove[]): ReadonlyMap<readonly Advance[], string[]> {
  const projections = new Map<readonly Advance[], string[]>();
  for (const { projection, advances } of moves) {
    const names = projections.get(advances);
    if (names === undefined) projections.set(advances, [projection]);
    else names.push(projection);
  }
  return projections;
}

function streamsOf(moves: readonly CheckpointMove[]): ReadonlyMap<string, OfStream> {
  const streams = new Map<string, OfStream>();
  for (const [advances, projections] of sharing(moves)) {
    for (const advance of advances) {
      const known = streams.get(advance.stream);
      if (known === undefined) {
        streams.set(advance.stream, { advance, projections: [...projections], isAlike: advance.from >= 0 });
        continue;
      }
      known.projections.push(...projections);
      known.isAlike &&= isSame(known.advance, advance);
    }
  }
  return streams;
}

const isSame = (a: Advance, b: Advance): boolean => a.from === b.from && a.to === b.to && a.hash === b.hash;
