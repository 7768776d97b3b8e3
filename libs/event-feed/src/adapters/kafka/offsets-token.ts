import type { FeedToken } from '../../port';
import { feedToken } from '../../port';

/** By partition, the offset of the next record. */
export type Offsets = ReadonlyMap<number, bigint>;

/** A JSON object, so that the tokens of projectors that share a topic can be merged where they are kept: each moves its own partitions. */
export function tokenOf(offsets: Offsets): FeedToken {
  const entries = [...offsets].map(([partition, offset]) => [partition, Number(offset)]);
  return feedToken(JSON.stringify(Object.fromEntries(entries)));
}

/** A token of another feed (the direct one, before a move to Kafka) stands for nothing: then all is read, and what is known is skipped. */
export function offsetsOf(token: FeedToken | undefined): Offsets {
  if (token === undefined || !token.startsWith('{')) return new Map();
  const offsets = JSON.parse(token) as Readonly<Record<string, number>>;
  return new Map(Object.entries(offsets).map(([partition, offset]) => [Number(partition), BigInt(offset)]));
}

/** For each partition the smallest offset; a partition that one of them does not have is left out, and so read from its beginning. */
export function earliestOf(tokens: readonly (FeedToken | undefined)[]): FeedToken | undefined {
  const [first, ...others] = tokens.map(offsetsOf);
  if (first === undefined) return undefined;
  const earliest = new Map(first);
  for (const offsets of others) {
    for (const [partition, offset] of earliest) {
      const other = offsets.get(partition);
      if (other === undefined) earliest.delete(partition);
      else if (other < offset) earliest.set(partition, other);
    }
  }
  return tokenOf(earliest);
}
