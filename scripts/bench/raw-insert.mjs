// What Postgres takes when nothing is in the way: the same events, the same table, batches of 1,000, durable commits.

/** Appends copies of a stream's last events to a new stream through bare `pg`; events per second. */
export async function rawInsert({ lib, databaseUrl, stream, seconds }) {
  const { connect } = lib('platform/postgres');
  const database = connect({ connectionString: databaseUrl, max: 2, statementTimeoutMs: 30_000 });
  try {
    const { PostgresEventStore } = lib('engine/event-store');
    const store = new PostgresEventStore({ database });
    const events = await store.readStream(stream, { direction: 'backwards', limit: 1_000 });
    await store.close();
    await database.query('CREATE TABLE IF NOT EXISTS public.raw_insert (LIKE store.events INCLUDING ALL)');
    const { rows: columns } = await database.query(
      `SELECT column_name FROM information_schema.columns WHERE table_schema = 'store' AND table_name = 'events'`,
    );
    const { insert, values } = rawStatement(
      events,
      columns.map(({ column_name: name }) => name),
    );
    const startedAt = performance.now();
    let inserted = 0;
    while (performance.now() - startedAt < seconds * 1_000) {
      await database.query(insert, values(inserted), 'raw-insert');
      inserted += events.length;
    }
    return inserted / ((performance.now() - startedAt) / 1_000);
  } finally {
    await database.query('DROP TABLE IF EXISTS public.raw_insert').catch(() => undefined);
    await database.close();
  }
}

/** One statement for a batch; the ids, types and texts are those of the events. */
function rawStatement(events, columns) {
  const texts = { id: 'uuid', type: 'text', data: 'text', metadata: 'text' };
  const named = Object.keys(texts).filter((name) => columns.includes(name));
  const rest = columns.filter((name) => !named.includes(name));
  const numbered = rest.map((name) => (name.includes('stream') ? '1' : `$1::bigint + n`));
  const arrays = named.map((_, i) => `string_to_array($${i + 2}, E'\\n')`);
  const insert = `INSERT INTO public.raw_insert (${[...rest, ...named].join(', ')})
    SELECT ${[...numbered, ...named.map((name) => `x.${name}::${texts[name]}`)].join(', ')}
      FROM unnest(${arrays.join(', ')}) WITH ORDINALITY AS x (${[...named, 'n'].join(', ')})`;
  const lines = named.map((name) => events.map((event) => event[name]).join('\n'));
  return { insert, values: (from) => [from, ...lines] };
}
