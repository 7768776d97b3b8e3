import { canonicalJson } from '@fintech-ledger/envelope';
import { erasedFields } from '@fintech-ledger/journal';
import type { CommandContext } from '@fintech-ledger/journal';
import { hash } from 'node:crypto';
import type { KnownSubject } from './subject-keys';

/**
 * The context of a command with the hash of its personal fields, which only their key can make again.
 * @param sealed the fields as events have them; null: the command has none
 */
export function withPersonalHash(
  context: CommandContext,
  sealed: object | null,
  { key }: KnownSubject,
): CommandContext {
  const { requestHash } = context;
  if (requestHash === undefined || sealed === null) return context;
  // Metadata may have values of data subjects, which are hashed by themselves already.
  const [first, ofMetadata] = requestHash.split('.');
  const isGone = key === null || key === undefined || ofMetadata === erasedFields;
  const texts = canonicalJson(ofMetadata === undefined ? sealed : { ofMetadata, sealed });
  return { ...context, requestHash: `${first}.${isGone ? erasedFields : hash('sha256', texts, 'hex')}` };
}
