import { DatabaseError, DatabaseUnavailable } from '@fintech-ledger/postgres';
import { OutcomeUnknown, StoreUnavailable } from '../../port';

// Rolled back, and may work later: serialization failure, deadlock, read-only (the other side of a failover).
const passing = new Set(['40001', '40P01', '25006']);

function isPassing(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && passing.has(error.sqlState);
}

/** For the statements of an append: rethrows as OutcomeUnknown, StoreUnavailable, or as it is. */
export function throwAppendError(error: unknown): never {
  if (error instanceof DatabaseUnavailable && !error.outcomeKnown) {
    throw new OutcomeUnknown(error.message, { cause: error });
  }
  throwReadError(error);
}

/** For what must be known about an append that may have been written by an earlier call. */
export function throwUnknown(error: unknown): never {
  if (error instanceof DatabaseUnavailable || isPassing(error)) {
    throw new OutcomeUnknown(error.message, { cause: error });
  }
  throw error;
}

/** For reads: rethrows as StoreUnavailable, or as it is. */
export function throwReadError(error: unknown): never {
  if (error instanceof DatabaseUnavailable || isPassing(error)) {
    throw new StoreUnavailable(error.message, { cause: error });
  }
  throw error;
}
