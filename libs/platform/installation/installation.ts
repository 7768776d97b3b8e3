import type { Sql } from '@fintech-ledger/postgres';
import { randomBytes } from 'node:crypto';
import { StartupFailed } from './startup-failed';

/** Which installation a database belongs to. */
export interface Installation {
  /** UUID. The event store has it too, so that it can be told from another one. */
  readonly id: string;
  /** What its names begin with in an event store or a Kafka cluster that others may use too; empty where it was made before there were prefixes. */
  readonly prefix: string;
}

const base32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** `fl_` and eight random letters: all are equally long, so that none is the beginning of another. */
export function randomPrefix(): string {
  return `fl_${Array.from(randomBytes(8), (byte) => base32.charAt(byte % 32)).join('')}-`;
}

/**
 * The installation of this database; the first start makes it.
 * @param given STREAM_PREFIX: what a new one takes instead of a random prefix, and one that exists must have
 * @throws StartupFailed it has another prefix
 */
export async function loadInstallation(db: Sql, given: string | undefined): Promise<Installation> {
  await db.query('insert into meta.installation (prefix) values ($1) on conflict do nothing', [
    given ?? randomPrefix(),
  ]);
  const { rows } = await db.query<Installation>('select id, prefix from meta.installation');
  const [installation] = rows;
  if (installation === undefined) throw new Error('meta.installation has no row');
  if (given === undefined || given === installation.prefix) return installation;
  throw new StartupFailed(
    `STREAM_PREFIX is "${given || 'none'}", and this database was set up with "${installation.prefix || 'none'}": leave it out, or set it to that.`,
  );
}
