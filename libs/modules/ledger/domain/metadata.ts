import { metadataKeysMax, refusal, refused } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import { sortedMetadata } from './account';
import type { Metadata } from './account';

/** What a `PATCH` says of metadata, by key: null removes one; null for all of it: all. Absent: nothing. */
export type MetadataChanges = Readonly<Record<string, string | null>> | null | undefined;

export const metadataLimit = refusal(
  'metadata_limit',
  'rule',
  `An object has at most ${metadataKeysMax} keys of metadata, once a change is merged: null removes one.`,
);

/** What a change leaves. Told apart by its own key, because a client may name theirs like those of a refusal. */
export type MergedMetadata =
  { readonly metadata: Metadata } | { readonly kind: 'refused'; readonly refusal: Refusal<'metadata_limit'> };

/**
 * Metadata after a change, whatever kind of object has them. What has more keys than it may, from before there was a
 * limit, may still be changed as long as it does not grow: else nobody could make it smaller step by step.
 */
export function mergedMetadata(
  before: Metadata,
  changes: MetadataChanges,
  keysMax = metadataKeysMax,
): MergedMetadata {
  if (changes === undefined) return { metadata: before };
  const metadata = changes === null ? {} : merged(before, changes);
  const count = Object.keys(metadata).length;
  if (count <= keysMax || count <= Object.keys(before).length) return { metadata };
  const why = `It would have ${count} keys of metadata; ${keysMax} are the most.`;
  return refused(metadataLimit, why, '/metadata');
}

function merged(metadata: Metadata, changes: NonNullable<MetadataChanges>): Metadata {
  // An entry list, so that a key like `__proto__` stays a key.
  const pairs = new Map(Object.entries(metadata));
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) pairs.delete(key);
    else pairs.set(key, value);
  }
  return sortedMetadata(Object.fromEntries(pairs));
}
