import { StoreUnavailable } from '@fintech-ledger/event-store';
import { DatabaseError, DatabaseUnavailable } from '@fintech-ledger/postgres';
import { CheckpointMoved, WriteFailed } from './errors';

/** Lock timeout: as if it had never been tried. */
const lockNotAvailable = '55P03';
// Data exception, integrity constraint, limit of the server (an index entry or a row that is too long), raised by a
// function: what a row says. Anything else (no such table, no space, no right) is no row's fault.
const ofRows = /^(?:22|23|54|P0)/;

/** Whether trying the same again later can succeed. */
export function isPassing(error: unknown): boolean {
  if (
    error instanceof CheckpointMoved ||
    error instanceof DatabaseUnavailable ||
    error instanceof StoreUnavailable
  )
    return true;
  return error instanceof DatabaseError && error.sqlState === lockNotAvailable;
}

/** Whether rows could not be written because of what they say, and so because of some stream's events. */
export function isOfItsEvents(error: unknown): error is WriteFailed {
  if (!(error instanceof WriteFailed) || isPassing(error.cause)) return false;
  return error.cause instanceof DatabaseError ? ofRows.test(error.cause.sqlState) : true;
}
