export type { ConnectOptions, Database, Sql, SqlSession, TransactionOptions } from './types';
export { DatabaseError, DatabaseIsNewer, DatabaseUnavailable, MigrationsDiffer } from './errors';
export { connect } from './connect';
export { credentialsOf } from './credentials-of';
export { copyText } from './copy-text';
export { migrate } from './migrate';
export { int4Array, int8Array, textArray, uuidArray } from './binary-arrays';
export { readByIndex } from './read-by-index';
