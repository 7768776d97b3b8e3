import { rebuildStreamWithin } from '@fintech-ledger/projection-runtime';
import { modules } from '../apps/modules';
import { HttpSpec } from './support/http-spec';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';
import { openSampleBooks } from './support/refusals/sample-books';

jest.setTimeout(180_000);

/** What is left of a stream would be read as its rows by a rebuild that compares, and by `ledgerctl verify`. */
describe('a stream that is read again', () => {
  let parts: PartsInProcess;
  const rebuilt = modules.projections.filter(({ mayBeRebuilt }) => mayBeRebuilt);
  const tables = rebuilt.flatMap((projection) => projection.tables);

  beforeAll(async () => {
    parts = await startParts('embedded');
    const http = new HttpSpec(parts.url, parts.apiKey, '');
    await openSampleBooks(http);
    expect((await http.ask({ path: '/v1/events?limit=1' })).status).toBe(200);
    await parts.stopProjector();
  });
  afterAll(() => parts?.close());

  it('leaves no row of it in any table of the read models', async () => {
    const known = await parts.database.query<{ stream: string }>(
      'select distinct stream from read.checkpoints',
    );
    const undone = new Error('undone');
    const counts = { before: new Map<string, number>(), after: new Map<string, number>() };
    const run = parts.database.transaction(async (sql) => {
      const count = async (into: Map<string, number>): Promise<void> => {
        for (const table of tables) {
          const { rows } = await sql.query<{ n: string }>(`select count(*) as n from read.${table}`);
          into.set(table, Number(rows[0]?.n));
        }
      };
      await count(counts.before);
      for (const { stream } of known.rows) await rebuildStreamWithin(sql, modules.projections, stream);
      await count(counts.after);
      throw undone;
    });
    await expect(run).rejects.toBe(undone);
    const filled = [...counts.before].filter(([, n]) => n > 0).map(([table]) => table);
    expect(filled).toEqual(expect.arrayContaining(['accounts', 'entries', 'payments', 'audit_log_streams']));
    expect([...counts.after].filter(([, n]) => n > 0)).toEqual([]);
  });
});
