import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { healSides } from './heal-sides';
import { sayLacking, selectLacking } from './lacking';
import { healedStreams } from './limits';
import { insertRebuild } from './rebuild-rows';
import type { Rebuild } from './rebuild-rows';

describe('what a side that was filled lacks', () => {
  let database: TestDatabase;
  let db: Database;
  let rebuild: Rebuild;

  beforeEach(async () => {
    database = await testDatabase();
    db = connect({ connectionString: database.url, statementTimeoutMs: 30_000 });
    rebuild = await insertRebuild(db, {
      projection: 'entries',
      ledger: null,
      version: 2,
      oldVersion: 1,
      side: 'b',
      autoSwap: true,
      because: 'a test',
    });
  });
  afterEach(async () => {
    await db.close();
    await database.drop();
  });

  const stand = (projection: string, stream: string, revision: number, hash = `h${revision}`) =>
    db.query(
      `insert into read.checkpoint_rows (projection, stream, revision, previous, hash) values ($1, $2, $3, -1, $4)`,
      [projection, stream, revision, hash],
    );
  const halt = (projection: string, stream: string, attempts: number, code = 'rows_contradict') =>
    db.query(
      `insert into read.halted_streams (projection, stream, revision, reason, code, attempts)
       values ($1, $2, 1, 'it can not be written', $4, $3)`,
      [projection, stream, attempts, code],
    );
  const healing = async (): Promise<readonly string[]> => {
    const { rows } = await db.query<{ stream: string }>(
      `select stream from read.halted_streams where projection = 'entries:b' and attempts = 0 order by stream`,
    );
    return rows.map(({ stream }) => stream);
  };
  const lacking = async (): Promise<readonly string[]> => (await selectLacking(db, rebuild)).map(sayLacking);

  it('is read again, however many streams are halted that stand before it', async () => {
    for (const projection of ['entries', 'entries:b'])
      await db.query(
        `insert into read.checkpoint_rows (projection, stream, revision, previous, hash)
         select $1, 'journal-a' || lpad(n::text, 5, '0'), $2, -1, 'h' from generate_series(1, $3) n`,
        [projection, projection === 'entries' ? 5 : 2, healedStreams],
      );
    await db.query(
      `insert into read.halted_streams (projection, stream, revision, reason, attempts)
       select projection, stream, 3, 'it can not be written', 4 from read.checkpoints where projection = 'entries:b'`,
    );
    await stand('entries', 'journal-z', 4);
    expect(await healSides(db, rebuild)).toBe(1);
    expect(await healing()).toEqual(['journal-z']);
  });

  it('is read again by so many streams at once as a projector bears', async () => {
    await db.query(
      `insert into read.checkpoint_rows (projection, stream, revision, previous, hash)
       select 'entries', 'journal-' || n, 5, -1, 'h' from generate_series(1, $1) n`,
      [3 * healedStreams],
    );
    expect(await healSides(db, rebuild)).toBe(healedStreams);
    expect(await healSides(db, rebuild)).toBe(healedStreams);
  });

  it('is not waited for where nobody reads it again: of a live side of another version', async () => {
    await stand('entries', 'journal-a', 4);
    await stand('entries:b', 'journal-a', 4);
    await halt('entries', 'journal-a', 0);
    expect(await healSides(db, rebuild)).toBe(0);
  });

  it('is a stream that is behind or halted, unless it is so on the live side', async () => {
    for (const stream of ['ahead', 'alike', 'both', 'halted', 'mended', 'worse'])
      await stand('entries', stream, 4);
    await stand('entries', 'absent', 0);
    await stand('entries', 'other', 4, 'another');
    await stand('entries:b', 'ahead', 5);
    await stand('entries:b', 'alike', 4);
    await stand('entries:b', 'both', 4);
    await stand('entries:b', 'halted', 4);
    await stand('entries:b', 'mended', 7);
    await stand('entries:b', 'other', 4);
    await stand('entries:b', 'worse', 2);
    for (const stream of ['both', 'mended', 'worse']) await halt('entries', stream, 3);
    for (const stream of ['both', 'halted', 'worse']) await halt('entries:b', stream, 3);
    expect(await lacking()).toEqual([
      'absent stands at none and not at 0',
      'halted is halted: it can not be written',
      'other has another history',
      'worse stands at 2 and not at 4, and is halted: it can not be written',
    ]);
  });

  it('is nothing of a history that the store has no more', async () => {
    await stand('entries', 'journal-a', 9);
    await stand('entries:b', 'journal-a', 6);
    await halt('entries', 'journal-a', 2, 'journal_rewritten');
    expect(await healSides(db, rebuild)).toBe(0);
    expect(await lacking()).toEqual([]);
  });
});
