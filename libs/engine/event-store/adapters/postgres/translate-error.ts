import { messageOf } from '@fintech-ledger/contract';
import { DatabaseError, DatabaseUnavailable } from '@fintech-ledger/postgres';
import { AppendRejected, OutcomeUnknown, StoreUnavailable, WrongExpectedRevision } from '../../port';

/** Read-only: the other side of a failover. */
const readOnly = '25006';

/**
 * Said before anything was written, and an operator or time can mend it: connecting (28…, 3D000), rights and a missing table or function
 * (42501, 42P01, 42883), a prepared statement that a pooler does not know (26…), a transaction's or an object's state (25…, 40…, 55…).
 */
const mendable = /^(28|3D|26|25|55|40(?!003))|^42(501|P01|883)/;
/** These events would be refused again: data, constraints, syntax, limits of the server. */
const rejected = /^(22|23|42|54|0A)/;

/**
 * For the statements of an append. The classes of SQLSTATE that say that nothing was written are listed; after any other (58030, XX000,
 * 40003 …) and any other error the outcome is unknown.
 * @throws StoreUnavailable, AppendRejected nothing was written · OutcomeUnknown · WrongExpectedRevision as it is
 */
export function throwAppendError(error: unknown): never {
  if (error instanceof WrongExpectedRevision) throw error;
  const message = messageOf(error);
  const options = { cause: error };
  if (error instanceof DatabaseUnavailable && error.outcomeKnown)
    throw new StoreUnavailable(message, options);
  if (error instanceof DatabaseError && mendable.test(error.sqlState)) {
    throw new StoreUnavailable(`the database refuses appends: ${message}`, options);
  }
  if (error instanceof DatabaseError && rejected.test(error.sqlState)) {
    throw new AppendRejected(`the database refuses these events: ${message}`, options);
  }
  throw new OutcomeUnknown(message, options);
}

/** For what must be known about an append that may have been written by an earlier call: whatever keeps it from being known. */
export function throwUnknown(error: unknown): never {
  const message = messageOf(error);
  throw new OutcomeUnknown(message, { cause: error });
}

/** For reads: rethrows as StoreUnavailable, or as it is. */
export function throwReadError(error: unknown): never {
  const isPassing = error instanceof DatabaseError && error.sqlState === readOnly;
  if (error instanceof DatabaseUnavailable || isPassing) {
    throw new StoreUnavailable(error.message, { cause: error });
  }
  throw error;
}
