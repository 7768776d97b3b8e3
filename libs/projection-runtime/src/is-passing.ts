import { StoreUnavailable } from '@fintech-ledger/event-store';
import { DatabaseError, DatabaseUnavailable } from '@fintech-ledger/postgres';
import { CheckpointMoved } from './errors';

// Serialization failure, deadlock, lock timeout: as if it had never been tried.
const retried = new Set(['40001', '40P01', '55P03']);

/** Whether trying the same again later can succeed. */
export function isPassing(error: unknown): boolean {
  if (
    error instanceof CheckpointMoved ||
    error instanceof DatabaseUnavailable ||
    error instanceof StoreUnavailable
  )
    return true;
  return error instanceof DatabaseError && retried.has(error.sqlState);
}
