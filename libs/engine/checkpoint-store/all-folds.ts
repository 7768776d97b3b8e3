import type { CheckpointBatch, CheckpointHead } from '@fintech-ledger/journal';

/** Of the records that a checkpoint had and of those that it is given, in one order. */
export function allFolds(
  before: Pick<CheckpointHead, 'folds'> | undefined,
  { folds = [] }: Pick<CheckpointBatch, 'folds'>,
): readonly string[] {
  return [...new Set([...(before?.folds ?? []), ...folds])].sort();
}
