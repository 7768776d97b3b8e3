import { refusal } from '@fintech-ledger/contract';

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

/** What the writer itself refuses, whatever the command. */
export const writerRefusals = [idempotencyKeyReused, bulkTooLarge] as const;
