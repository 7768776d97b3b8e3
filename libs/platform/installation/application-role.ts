import { credentialsOf } from '@fintech-ledger/postgres';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { StartupFailed } from './startup-failed';

/** The role that the product runs as, beside the owner of the tables: it may add events and never change them. */
export interface ApplicationRole {
  /** The connection string of the role. */
  readonly url: string;
  /** The role is ours alone, as in the embedded cluster: its password is made to be that of the connection string. */
  readonly isOurs: boolean;
}

/** By schema, what the role may do with its tables. What is computed from events may be thrown away; events may not. */
const rights: Readonly<Record<string, string>> = {
  store: 'select, insert',
  writer: 'select, insert, update, delete, truncate',
  read: 'select, insert, update, delete, truncate',
  read_b: 'select, insert, update, delete, truncate',
  relay: 'select, insert, update, delete, truncate',
  hooks: 'select, insert, update, delete',
  audit: 'select, insert, update, delete',
  privacy: 'select, insert, update, delete',
  rails: 'select, insert, update, delete',
  meta: 'select, insert, update, delete',
};

/**
 * Makes the role where it does not exist, and gives it its rights on all tables that there are now: so it comes after the migrations.
 * @param owner connected as who owns the tables
 * @throws StartupFailed the role is a superuser, or the connection string names none; DatabaseError the owner may not make roles
 */
export async function prepareApplicationRole(owner: Database, application: ApplicationRole): Promise<void> {
  const credentials = credentialsOf(application.url);
  if (credentials === undefined)
    throw new StartupFailed('DATABASE_URL must name a role when DATABASE_OWNER_URL is set.');
  await owner.transaction(async (sql) => {
    // Processes that start at once do this one after the other.
    await sql.query(`select pg_advisory_xact_lock(4021196508129)`);
    await makeRole(sql, credentials, application.isOurs);
    await grantRights(sql, credentials.role);
  });
}

async function makeRole(
  sql: Sql,
  { role, password = '' }: { readonly role: string; readonly password: string | undefined },
  isOurs: boolean,
): Promise<void> {
  const { rows } = await sql.query<{ is_superuser: boolean; is_self: boolean }>(
    'select rolsuper as is_superuser, rolname = current_user as is_self from pg_roles where rolname = $1',
    [role],
  );
  const [known] = rows;
  if (known?.is_self === true)
    throw new StartupFailed('DATABASE_OWNER_URL and DATABASE_URL must name two roles.');
  if (known?.is_superuser === true) {
    throw new StartupFailed(
      `The role ${role} of DATABASE_URL is a superuser: name one that is not, or one that does not exist yet.`,
    );
  }
  if (known !== undefined && !isOurs) return;
  const statement =
    known === undefined
      ? `create role %I login nosuperuser nocreatedb nocreaterole password %L`
      : `alter role %I login password %L`;
  await execute(sql, statement, role, password);
}

async function grantRights(sql: Sql, role: string): Promise<void> {
  for (const [schema, verbs] of Object.entries(rights)) {
    await execute(sql, `grant usage on schema ${schema} to %I`, role);
    await execute(sql, `grant ${verbs} on all tables in schema ${schema} to %I`, role);
    await execute(sql, `grant usage on all sequences in schema ${schema} to %I`, role);
  }
  await execute(sql, 'grant update (revision) on store.streams to %I', role);
  await execute(sql, 'grant update (last) on store.position to %I', role);
  await execute(sql, 'revoke insert, update, delete on meta.migrations from %I', role);
}

/** Statements about roles take no parameters: the server quotes what goes into them. */
async function execute(sql: Sql, statement: string, ...values: readonly string[]): Promise<void> {
  const places = values.map((_, index) => `, $${index + 2}::text`).join('');
  const { rows } = await sql.query<{ text: string }>(`select format($1::text${places}) as text`, [
    statement,
    ...values,
  ]);
  await sql.query(rows[0]?.text ?? '');
}
