import {
  descriptionLengthMax,
  hasLength,
  isKeptMetadataKey,
  metadataKeysMax,
  metadataValueLengthMax,
  nameLengthMax,
  referenceLengthMax,
  refusal,
  refuse,
} from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import { reasonLengthMax, sealedValueLengthMax } from './limits';
import type { MetadataChanges } from './metadata';

// Whatever door a command came through, what it says fits into events, and into the indices of what reads them. The
// edge has refused the same of what came over HTTP.

export const invalidValue = refusal(
  'invalid_value',
  'malformed',
  'A value is not one of those that are possible here.',
);
export const invalidMetadata = refusal(
  'invalid_metadata',
  'malformed',
  'Metadata is an object of short texts.',
);
export const textRefusals = [invalidValue, invalidMetadata] as const;

/** How many Unicode characters a text of a command may have. */
export const textLengths = {
  description: { min: 0, max: descriptionLengthMax },
  name: { min: 1, max: nameLengthMax },
  reason: { min: 1, max: reasonLengthMax },
  reference: { min: 1, max: referenceLengthMax },
} as const;

/** Why a text is not one that a command may give; null and undefined are none. */
export function lengthRefusal(
  field: keyof typeof textLengths,
  text: string | null | undefined,
): Refusal<'invalid_value'> | undefined {
  if (text === null || text === undefined) return undefined;
  const { min, max } = textLengths[field];
  if (hasLength(text, min, max)) return undefined;
  return refuse(invalidValue, `${field} is a text of ${min} to ${max} characters`, `/${field}`);
}

/** Why metadata is not what a command may give. What is kept of a data subject's value is longer than that was. */
export function metadataRefusal(
  metadata: MetadataChanges,
  keysMax = metadataKeysMax,
): Refusal<'invalid_metadata'> | undefined {
  if (metadata === null || metadata === undefined) return undefined;
  const keys = Object.keys(metadata);
  if (keys.length > keysMax)
    return refuse(
      invalidMetadata,
      `metadata has at most ${keysMax} keys, these are ${keys.length}`,
      '/metadata',
    );
  for (const key of keys) {
    if (!isKeptMetadataKey(key)) {
      const detail = "a key of metadata is 1 to 64 characters of A-Z, a-z, 0-9, '_', '.', ':', '-'";
      return refuse(invalidMetadata, detail, '/metadata');
    }
    const value = metadata[key];
    if (typeof value !== 'string') continue;
    const max = value.startsWith('sealed:') ? sealedValueLengthMax : metadataValueLengthMax;
    if (hasLength(value, 0, max)) continue;
    return refuse(invalidMetadata, `a value of metadata has at most ${max} characters`, `/metadata/${key}`);
  }
  return undefined;
}
