import { refusal } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import type { CommandOutcome } from './gateway';

export const idempotencyKeyReused = refusal(
  'idempotency_key_reused',
  'rule',
  'The Idempotency-Key was used for another request.',
);
export const bulkTooLarge = refusal(
  'bulk_too_large',
  'malformed',
  'The request makes more events than the store takes at once. Send it in parts.',
);

export const dryRunTooLarge = refusal(
  'dry_run_too_large',
  'rule',
  'The dry run holds more than there is memory for. Try the file in parts.',
);

/** What the writer itself refuses, whatever the command. */
export const writerRefusals = [idempotencyKeyReused, bulkTooLarge] as const;

/** Whether a command was refused, and for this. */
export const isRefusedAs = (outcome: CommandOutcome, { code }: Pick<DeclaredRefusal, 'code'>): boolean =>
  outcome.kind === 'refused' && outcome.refusal.code === code;
