import { types } from 'node:util';
import { DatabaseError as ServerError } from 'pg';
import { DatabaseError, DatabaseUnavailable } from './errors';

/** When the error happened: before a statement was sent, or after. */
export type Phase = 'connecting' | 'sent';

const bugs: ReadonlySet<string> = new Set(['TypeError', 'RangeError', 'SyntaxError']);
/** What the driver says of a name that is given to another text. */
const renamedStatement = 'Prepared statements must be unique';
// 57P01-57P03 shutdown, crash of another backend, starting up; 57P05 and 25P03 idle timeouts: the connection is gone.
const connectionEnds = new Set(['57P01', '57P02', '57P03', '57P05', '25P03']);
// 53xxx insufficient resources (disk full, too many connections), 57014 statement timeout, 40001 serialization failure,
// 40P01 deadlock: rolled back, and later it may work.
const passing = (sqlState: string): boolean =>
  sqlState.startsWith('53') || ['57014', '40001', '40P01'].includes(sqlState);

/** Turns what the driver throws into DatabaseUnavailable or DatabaseError; a bug in the caller stays what it is. */
export function translateError(error: unknown, phase: Phase): unknown {
  if (error instanceof DatabaseUnavailable || error instanceof DatabaseError) return error;
  // Not `instanceof Error`: what Node itself throws is of another realm in some hosts (vm contexts, Jest).
  if (!types.isNativeError(error)) return error;
  const sqlState = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error instanceof ServerError) {
    if (connectionEnds.has(sqlState) || sqlState.startsWith('08'))
      return unavailable(error, phase === 'connecting');
    if (passing(sqlState)) return unavailable(error, true);
    return new DatabaseError(error.message, sqlState, error.constraint, { cause: error });
  }
  if (bugs.has(error.name) || error.message.startsWith(renamedStatement)) return error;
  return unavailable(error, phase === 'connecting');
}

function unavailable(error: Error, outcomeKnown: boolean): DatabaseUnavailable {
  // A refused connection to several addresses is an AggregateError with an empty message.
  const message = error.message || ('code' in error ? String(error.code) : error.name);
  return new DatabaseUnavailable(`database unavailable: ${message}`, outcomeKnown, { cause: error });
}

/** Whether the connection that threw this can't be used again. An error of the caller's own says nothing about it. */
export function isConnectionLost(error: unknown): boolean {
  // A pooler has given us another server connection, to which our prepared statements are not known.
  if (error instanceof DatabaseError && error.sqlState === '26000') return true;
  if (!(error instanceof DatabaseUnavailable)) return false;
  return !(error.cause instanceof ServerError && passing(error.cause.code ?? ''));
}
