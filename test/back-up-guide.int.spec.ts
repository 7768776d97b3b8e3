import { connect } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Schemas that are computed from the event store, or are the event store. */
const computed = ['read', 'read_a', 'read_b', 'relay', 'store', 'writer'];
/** What is sent again, or goes on from where it is, when it is older than the events. */
const older = [
  ...['hooks.asked', 'hooks.attempts', 'hooks.claims', 'hooks.cursors', 'hooks.endpoints', 'hooks.messages'],
  'hooks.parked',
  ...['hooks.replay_streams', 'hooks.replays'],
];

it('the guide to backups has all tables that events do not give in its second dump', async () => {
  const guide = readFileSync(path.resolve(__dirname, '../docs/how-to/back-up-and-restore.md'), 'utf8');
  const patterns = [...guide.matchAll(/--table='?([a-z_]+\.(?:\*|[a-z_]+))/gu)].map(([, name = '']) => name);
  const database = await testDatabase();
  const sql = connect({ connectionString: database.url, max: 1, statementTimeoutMs: 30_000 });
  const { rows } = await sql.query<{ schema: string; name: string }>(
    `select table_schema as schema, table_schema || '.' || table_name as name from information_schema.tables
      where table_schema not in ('information_schema', 'pg_catalog', 'public')`,
  );
  await sql.close();
  await database.drop();
  const others = rows.filter(({ schema }) => !computed.includes(schema));
  expect(others.length).toBeGreaterThan(15);
  const lacking = others.filter(
    ({ schema, name }) => !patterns.includes(`${schema}.*`) && !patterns.includes(name),
  );
  expect(lacking.map(({ name }) => name).sort()).toEqual(older);
});
