import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { connect } from './connect';
import { copyText } from './copy-text';
import { DatabaseError, DatabaseUnavailable } from './errors';
import type { Database } from './types';

describe('connect', () => {
  let database: TestDatabase;
  let db: Database;

  beforeAll(async () => {
    database = await testDatabase();
    db = connect({
      connectionString: database.url,
      max: 4,
      applicationName: 'connect-spec',
      statementTimeoutMs: 30_000,
    });
    await db.query('create table item (id bigint primary key, name text, amount numeric)');
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
  });
  // In a session of its own: the pool may still hold connections that a test has cut.
  beforeEach(async () => {
    const session = await db.session();
    await session.query('truncate item');
    await session.release();
  });

  const count = async (): Promise<number> => {
    const session = await db.session();
    const { rows } = await session.query('select count(*)::int as n from item');
    await session.release();
    return Number(rows[0]?.['n']);
  };
  const refused = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'nothing was thrown',
      (error: unknown) => error,
    );

  it('hands bigint and numeric over as strings', async () => {
    const { rows } = await db.query(
      'select 9007199254740993::bigint as big, 1e35::numeric as amount, $1::text as name',
      ['x'],
    );
    expect(rows).toEqual([{ big: '9007199254740993', amount: `1${'0'.repeat(35)}`, name: 'x' }]);
  });

  it('hands a moment over as a Date, and a time that is infinite as null', async () => {
    const { rows } = await db.query(
      `select timestamptz '2026-01-05T09:00:00.123Z' as then, timestamptz 'infinity' as never,
              timestamptz '-infinity' as ever, null::timestamptz as unknown`,
    );
    const then = new Date('2026-01-05T09:00:00.123Z');
    expect(rows).toEqual([{ then, never: null, ever: null, unknown: null }]);
  });

  it('prepares a named statement once per connection', async () => {
    const session = await db.session();
    for (const id of [1, 2, 3])
      await session.query('insert into item values ($1, $2, 0)', [id, 'n'], 'insert-item');
    const { rows } = await session.query('select name from pg_prepared_statements');
    expect(rows).toEqual([{ name: 'insert-item' }]);
    await session.release();
  });

  it('takes a name that is given to another text for a fault of ours, not of the connection', async () => {
    const session = await db.session();
    await session.query('select 1', [], 'one');
    const error = await refused(session.query('select 2', [], 'one'));
    expect(error).not.toBeInstanceOf(DatabaseUnavailable);
    expect((await session.query('select 1 as n', [], 'another')).rows).toEqual([{ n: 1 }]);
    await session.release();
  });

  it('tells a refused statement by its SQLSTATE and constraint, and goes on', async () => {
    await db.query('insert into item values (1, null, 0)');
    const error = await refused(db.query('insert into item values (1, null, 0)'));
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).toMatchObject({ sqlState: '23505', constraint: 'item_pkey' });
    expect(await count()).toBe(1);
  });

  it('commits what a transaction did, and rolls back when its work throws', async () => {
    await db.transaction((sql) => sql.query('insert into item values (1, null, 0)'));
    const mine = new Error('changed my mind');
    const work = db.transaction(async (sql) => {
      await sql.query('insert into item values (2, null, 0)');
      throw mine;
    });
    expect(await refused(work)).toBe(mine);
    expect(await count()).toBe(1);
  });

  it('never takes the commit of a failed transaction for a success', async () => {
    const work = db.transaction(async (sql) => {
      await sql.query('insert into item values (1, null, 0)');
      await sql.query('select 1/0').catch(() => undefined);
    });
    expect(await refused(work)).toMatchObject({ name: 'DatabaseError', sqlState: '25P02' });
    expect(await count()).toBe(0);
  });

  it('reads one snapshot in a read-only repeatable read transaction, which refuses writes', async () => {
    await db
      .transaction(
        async (sql) => {
          expect((await sql.query('select from item')).rowCount).toBe(0);
          await db.query('insert into item values (1, null, 0)');
          expect((await sql.query('select from item')).rowCount).toBe(0);
          expect(await refused(sql.query('delete from item'))).toMatchObject({ sqlState: '25006' });
        },
        { isolation: 'repeatable read', readOnly: true },
      )
      .catch(() => undefined);
    expect(await count()).toBe(1);
  });

  it('copies text of every kind as it is', async () => {
    const names = [
      'plain',
      '',
      'tab\there',
      'line\nbreak\r',
      'back\\slash',
      '\\N',
      '\\.',
      '\b\f\v',
      'é€😀',
      null,
    ];
    const lines = names.map((name, index) => `${index}\t${copyText(name)}\t${copyText(10n ** 30n)}\n`);
    await db.copyFrom('copy item from stdin', lines);
    const { rows } = await db.query('select name, amount from item order by id');
    expect(rows).toEqual(names.map((name) => ({ name, amount: (10n ** 30n).toString() })));
  });

  it('copies all of it or nothing: a bad line, a source that throws', async () => {
    const bad = ['1\ta\t1\n', 'x\ta\t1\n'];
    expect(await refused(db.copyFrom('copy item from stdin', bad))).toMatchObject({ sqlState: '22P02' });
    const mine = new Error('source');
    function* failing(): Generator<string> {
      yield '1\ta\t1\n';
      throw mine;
    }
    expect(await refused(db.copyFrom('copy item from stdin', failing()))).toBe(mine);
    expect(await count()).toBe(0);
    await db.copyFrom('copy item from stdin', ['1\ta\t1\n']);
    expect(await count()).toBe(1);
  });

  it('hands over what a COPY gives as it comes, and says what the server refuses', async () => {
    const read = async (from: string): Promise<string> => {
      const parts: Buffer[] = [];
      const add = (bytes: Buffer, start: number, end: number): void =>
        void parts.push(Buffer.from(bytes.subarray(start, end)));
      await db.copyTo(`copy (${from}) to stdout`, add);
      return Buffer.concat(parts).toString();
    };
    expect(await read(`select n, repeat('ü', 50000) from generate_series(1, 40) n`)).toBe(
      Array.from({ length: 40 }, (_, n) => `${n + 1}\t${'ü'.repeat(50_000)}\n`).join(''),
    );
    expect(await refused(read('select 1 from nothing_of_the_kind'))).toMatchObject({ sqlState: '42P01' });
    expect(await refused(read('select 1 / (3 - n) from generate_series(1, 5) n'))).toMatchObject({
      sqlState: '22012',
    });
    expect(await read('select 1')).toBe('1\n');
  });

  it('copies more than fits into buffers', async () => {
    function* many(): Generator<string> {
      for (let id = 0; id < 200_000; id += 1) yield `${id}\tsome name or other\t12345\n`;
    }
    await db.copyFrom('copy item from stdin', many());
    expect(await count()).toBe(200_000);
  });

  it.each(['40001', '40P01'])(
    'a transaction that is rolled back so that others go on may be tried again: %s',
    async (state) => {
      const error = await refused(
        db.query(`do $$ begin raise exception 'rolled back' using errcode = '${state}'; end $$`),
      );
      expect(error).toMatchObject({ name: 'DatabaseUnavailable', outcomeKnown: true });
      expect((await db.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    },
  );

  it('keeps statements apart whose names differ only beyond what PostgreSQL keeps of a name', async () => {
    const single = connect({ connectionString: database.url, max: 1, statementTimeoutMs: 30_000 });
    const name = 'a'.repeat(63);
    const values = async (suffix: string): Promise<object[]> =>
      (await single.query(`select '${suffix}' as value`, [], `${name}${suffix}`)).rows;
    for (const suffix of ['', 'b', 'c', 'b']) expect(await values(suffix)).toEqual([{ value: suffix }]);
    await single.close();
  });

  it('cancels a statement that runs too long, and nothing of it stays', async () => {
    const hasty = connect({ connectionString: database.url, statementTimeoutMs: 50 });
    const error = await refused(hasty.query('insert into item select 1, null, 0 from pg_sleep(2)'));
    expect(error).toMatchObject({ name: 'DatabaseUnavailable', outcomeKnown: true });
    expect((await hasty.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await hasty.close();
  });

  it('sets the search path', async () => {
    await db.query('create schema shelf');
    const shelf = connect({ connectionString: database.url, schema: 'shelf', statementTimeoutMs: 30_000 });
    expect((await shelf.query('select current_schema() as name')).rows).toEqual([{ name: 'shelf' }]);
    await shelf.close();
  });

  describe('when connections are lost', () => {
    const cut = (): Promise<unknown> =>
      connectAndRun(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'connect-spec'`,
      );
    const connectAndRun = async (statement: string): Promise<unknown> => {
      const other = connect({ connectionString: database.url, max: 1, statementTimeoutMs: 30_000 });
      try {
        return await other.query(statement);
      } finally {
        await other.close();
      }
    };

    it('the outcome of a statement that was running is not known', async () => {
      const running = refused(db.query('select pg_sleep(5)'));
      await new Promise((resolve) => setTimeout(resolve, 100));
      await cut();
      expect(await running).toMatchObject({ name: 'DatabaseUnavailable', outcomeKnown: false });
    });

    it('a transaction that had not come to its commit is known to have done nothing', async () => {
      const work = db.transaction(async (sql) => {
        await sql.query('insert into item values (1, null, 0)');
        await cut();
        await sql.query('insert into item values (2, null, 0)');
      });
      expect(await refused(work)).toMatchObject({ name: 'DatabaseUnavailable', outcomeKnown: true });
      expect(await count()).toBe(0);
    });

    it('a transaction whose work outlived the connection is not committed', async () => {
      const work = db.transaction(async (sql) => {
        await sql.query('insert into item values (1, null, 0)');
        await cut();
        await new Promise((resolve) => setTimeout(resolve, 50));
      });
      expect(await refused(work)).toMatchObject({ name: 'DatabaseUnavailable' });
      expect(await count()).toBe(0);
    });

    it('idle ones are replaced', async () => {
      await Promise.all([1, 2, 3].map(() => db.query('select 1')));
      await cut();
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect((await db.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    });

    it('a session says so, once, also to those who ask late', async () => {
      const session = await db.session();
      const lost = new Promise<void>((resolve) => session.onLost(resolve));
      await cut();
      await lost;
      await new Promise<void>((resolve) => session.onLost(resolve));
      expect(await refused(session.query('select 1'))).toBeInstanceOf(DatabaseUnavailable);
      await session.release();
    });

    it('a released session is not lost, and gives its lock back', async () => {
      const session = await db.session();
      let losses = 0;
      session.onLost(() => (losses += 1));
      await session.query('select pg_advisory_lock(7)');
      await session.release();
      await session.release();
      expect(losses).toBe(0);
      const other = await db.session();
      const free = await other.query('select pg_try_advisory_lock(7) as free');
      expect(free.rows).toEqual([{ free: true }]);
      await other.release();
    });
  });

  it('a server that is not there is unavailable, and nothing was done', async () => {
    const nowhere = connect({
      connectionString: 'postgresql://x:y@127.0.0.1:1/z',
      statementTimeoutMs: 30_000,
    });
    const expected = { name: 'DatabaseUnavailable', outcomeKnown: true };
    expect(await refused(nowhere.query('select 1'))).toMatchObject(expected);
    expect(await refused(nowhere.session())).toMatchObject(expected);
    expect(await refused(nowhere.transaction(() => Promise.resolve(1)))).toMatchObject(expected);
    await nowhere.close();
  });

  it('closes twice without complaint', async () => {
    const other = connect({ connectionString: database.url, statementTimeoutMs: 30_000 });
    await other.query('select 1');
    await other.session();
    await other.close();
    await other.close();
  });
});
