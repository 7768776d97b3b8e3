import { streamOwner } from '@fintech-ledger/envelope';
import { Partitioners } from 'kafkajs';

const partitioner = Partitioners.DefaultPartitioner();
const counts = new Map<number, { partitionId: number; leader: number }[]>();

/** The partition of a stream's ledger (or organization): murmur2 of the key, as the Java client has it. */
export function partitionOf(stream: string, partitions: number): number {
  let partitionMetadata = counts.get(partitions);
  if (partitionMetadata === undefined) {
    // The partitioner looks for partitions that have a leader only when there is no key.
    partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({ partitionId, leader: 0 }));
    counts.set(partitions, partitionMetadata);
  }
  return partitioner({
    topic: '',
    partitionMetadata: partitionMetadata as never,
    message: { key: streamOwner(stream), value: null },
  });
}
