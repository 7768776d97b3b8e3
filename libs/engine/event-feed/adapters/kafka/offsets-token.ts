import type { FeedToken } from '../../port';
import { feedToken } from '../../port';

/** A place in one partition. */
export interface PartitionPlace {
  /** Of the next record. */
  readonly offset: bigint;
  /** Which making of the topic that is an offset of. */
  readonly epoch: number;
}

/** By partition. */
export type Offsets = ReadonlyMap<number, PartitionPlace>;

/** A JSON object, so that the tokens of projectors that share a topic can be merged where they are kept: each moves its own partitions. */
export function tokenOf(offsets: Offsets): FeedToken {
  const entries = [...offsets].map(([partition, { offset, epoch }]) => [
    partition,
    // The first topic's offsets as they have always been.
    epoch === 0 ? Number(offset) : [Number(offset), epoch],
  ]);
  return feedToken(JSON.stringify(Object.fromEntries(entries)));
}

/** A token of another feed (the direct one, before a move to Kafka) stands for nothing: then all is read, and what is known is skipped. */
export function offsetsOf(token: FeedToken | undefined): Offsets {
  if (token === undefined || !token.startsWith('{')) return new Map();
  const offsets = JSON.parse(token) as Readonly<Record<string, number | readonly [number, number]>>;
  return new Map(
    Object.entries(offsets).map(([partition, place]) => {
      const [offset, epoch] = typeof place === 'number' ? [place, 0] : place;
      return [Number(partition), { offset: BigInt(offset), epoch }];
    }),
  );
}

/** For each partition the earliest place; a partition that one of them does not have is left out, and so read from its beginning. */
export function earliestOf(tokens: readonly (FeedToken | undefined)[]): FeedToken | undefined {
  const [first, ...others] = tokens.map(offsetsOf);
  if (first === undefined) return undefined;
  const earliest = new Map(first);
  for (const offsets of others) {
    for (const [partition, place] of earliest) {
      const other = offsets.get(partition);
      if (other === undefined) earliest.delete(partition);
      else if (isBefore(other, place)) earliest.set(partition, other);
    }
  }
  return tokenOf(earliest);
}

const isBefore = (a: PartitionPlace, b: PartitionPlace): boolean =>
  a.epoch < b.epoch || (a.epoch === b.epoch && a.offset < b.offset);
