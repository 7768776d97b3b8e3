import { DatabaseError } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { StartupFailed } from './startup-failed';

const oldestServer = 150_000;

/** Its version, and the encoding of the database. @throws StartupFailed */
export async function checkServer(db: Database, name: string): Promise<void> {
  const { rows } = await db.query<{ version: string; encoding: string }>(
    `select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding`,
  );
  const [{ version = '0', encoding = '' } = {}] = rows;
  if (Number(version) < oldestServer)
    throw new StartupFailed(
      `${name} is PostgreSQL ${Math.floor(Number(version) / 10_000)}: 15 or later is needed.`,
    );
  if (encoding !== 'UTF8')
    throw new StartupFailed(
      `${name} has the encoding ${encoding}: make one with "create database … encoding 'UTF8' template template0".`,
    );
}

/** The role is made, and may connect, once the owner has prepared the database. */
const notYet = new Set(['28000', '28P01', '42501']);

/**
 * Which database this is: servers have different numbers, and so have the databases of one. Undefined: this role may
 * not connect yet, or may not ask.
 */
export async function placeOf(db: Database): Promise<string | undefined> {
  try {
    const { rows } = await db.query<{ place: string }>(
      `select (select system_identifier from pg_control_system()) || ' ' || oid as place
         from pg_database where datname = current_database()`,
    );
    return rows[0]?.place;
  } catch (error) {
    if (error instanceof DatabaseError && notYet.has(error.sqlState)) return undefined;
    throw error;
  }
}

/** @throws StartupFailed the places of what the two connection strings name are known, and differ */
export function assertSameDatabase(owner: string | undefined, application: string | undefined): void {
  if (owner === undefined || application === undefined || owner === application) return;
  throw new StartupFailed(
    'DATABASE_OWNER_URL and DATABASE_URL name two databases: they must name one, by two roles. Nothing was changed.',
  );
}
