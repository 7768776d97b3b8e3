import { unavailable } from '@fintech-ledger/http/base';
import type { AuditKeys, SigningKey } from './audit-keys';
import { SigningKeyUnreadable } from './sealed-key';

/** It takes a person to restore a key, or to rotate it. */
const mendedAfterSeconds = 60;

/** The key that signs. @throws ApiProblem 503: it can't be opened */
export async function signingKey(keys: Pick<AuditKeys, 'signing'>): Promise<SigningKey> {
  try {
    return await keys.signing();
  } catch (error) {
    if (error instanceof SigningKeyUnreadable) throw unavailable(error.message, mendedAfterSeconds);
    throw error;
  }
}
