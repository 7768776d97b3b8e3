import { withAdmin } from '@fintech-ledger/kafka';
import type { Kafka } from 'kafkajs';
import type { OpenFeedOptions } from '../../port';
import { offsetsOf } from './offsets-token';

/** Where a reader goes on in a partition that it was given. */
interface Beginning {
  readonly partition: number;
  /** Which making of the topic its token tells of; undefined: nothing was read of it. */
  readonly epoch: number | undefined;
  /** Undefined: nothing was ever committed, and the consumer begins at the beginning on its own. */
  readonly offset: bigint | undefined;
}

/**
 * Where to go on, so that nothing is left out for anybody who reads: at the committed offset, which is a hint, or at
 * what all have reached, where that is less. A process may have had a partition that does not project all of them.
 */
export async function beginningsOf(
  group: { readonly kafka: Kafka; readonly topic: string; readonly groupId: string },
  { reached, after }: Pick<OpenFeedOptions, 'reached' | 'after'>,
  given: readonly number[],
): Promise<{ readonly partitions: number; readonly beginnings: readonly Beginning[] }> {
  const [committed, token] = await Promise.all([committedOffsets(group), reached?.() ?? after]);
  const places = offsetsOf(token);
  const beginnings = given.map((partition) => {
    const { offset: reachedOffset = 0n, epoch } = places.get(partition) ?? {};
    // -1: never. What is committed from now on is not asked for: perhaps not all have it.
    const hint = committed.get(partition) ?? -1n;
    const offset = reachedOffset < hint ? reachedOffset : hint;
    return { partition, epoch, offset: hint < 0n ? undefined : offset };
  });
  return { partitions: committed.size, beginnings };
}

async function committedOffsets({
  kafka,
  topic,
  groupId,
}: Parameters<typeof beginningsOf>[0]): Promise<ReadonlyMap<number, bigint>> {
  const answer = await withAdmin(kafka, (admin) => admin.fetchOffsets({ groupId, topics: [topic] }));
  return new Map(
    (answer[0]?.partitions ?? []).map(({ partition, offset }) => [partition, BigInt(offset)] as const),
  );
}
