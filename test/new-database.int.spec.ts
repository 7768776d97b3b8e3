import { connect, migrate } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

jest.setTimeout(120_000);
const migrations = path.resolve(__dirname, '../schemas/sql');

/** All that is in the schemas, by what it says: columns in their order, indexes, constraints, functions, triggers, rights. */
const catalogue = `
  select 'column' as kind, c.oid::regclass::text as of,
         concat_ws(' ', row_number() over (partition by c.oid order by a.attnum), a.attname,
                   format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attcollation::regcollation, pg_get_expr(d.adbin, d.adrelid)) as says
    from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'v', 'S', 'p') and c.relnamespace::regnamespace::text !~ '^(pg_|information)'
  union all
  select 'relation', c.oid::regclass::text, concat_ws(' ', c.relkind, c.relpersistence, c.reloptions, c.relacl) from pg_class c
   where c.relkind in ('r', 'v', 'S', 'p') and c.relnamespace::regnamespace::text !~ '^(pg_|information)'
  union all
  select 'view', format('%I.%I', schemaname, viewname), definition from pg_views where schemaname !~ '^(pg_|information)'
  union all
  select 'index', format('%I.%I', schemaname, tablename), regexp_replace(indexdef, ' INDEX \\S+ ON ', ' INDEX ON ')
    from pg_indexes where schemaname !~ '^(pg_|information)'
  union all
  select 'constraint', conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint
   where connamespace::regnamespace::text !~ '^(pg_|information)'
  union all
  select 'function', p.oid::regprocedure::text, pg_get_functiondef(p.oid) from pg_proc p
   where p.pronamespace::regnamespace::text !~ '^(pg_|information)' and p.prokind in ('f', 'p')
  union all
  select 'trigger', tgrelid::regclass::text, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
  order by 1, 2, 3`;

describe('a new database', () => {
  let folder: string;
  const closers: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'migrations-'));
    closers.unshift(() => rm(folder, { recursive: true }));
  });
  afterAll(async () => {
    for (const close of closers) await close();
  });

  async function empty(): Promise<Database> {
    const none = await mkdtemp(path.join(folder, 'none-'));
    const database: TestDatabase = await testDatabase(none);
    const db = connect({ connectionString: database.url, statementTimeoutMs: 30_000 });
    closers.unshift(
      () => db.close(),
      () => database.drop(),
    );
    return db;
  }

  it('that is migrated at once has what one has that was migrated file by file', async () => {
    const names = (await readdir(migrations)).filter((name) => name.endsWith('.sql')).sort();
    const [first = ''] = names;
    const [together, apart] = [await empty(), await empty()];
    expect(await migrate(together, migrations)).toHaveLength(names.length);

    const before = await mkdtemp(path.join(folder, 'first-'));
    await cp(path.join(migrations, first), path.join(before, first));
    expect(await migrate(apart, before)).toHaveLength(1);
    expect(await migrate(apart, migrations)).toHaveLength(names.length - 1);

    const [one, other] = await Promise.all([together, apart].map((db) => db.query(catalogue)));
    expect(one?.rows.length).toBeGreaterThan(1_000);
    expect(one?.rows).toEqual(other?.rows);
  });
});
