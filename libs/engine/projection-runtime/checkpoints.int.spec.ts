import { connect } from '@fintech-ledger/postgres';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import fc from 'fast-check';
import { deleteCheckpointsIn, deleteCheckpointsOf, moveCheckpoints, selectCheckpoints } from './checkpoints';
import { CheckpointMoved } from './errors';
import type { CheckpointMove } from './moves-alike';

let server: TestDatabase;
let db: Database;

beforeAll(async () => {
  server = await testDatabase();
  db = connect({ connectionString: server.url, statementTimeoutMs: 30_000 });
});

afterAll(async () => {
  await db.close();
  await server.drop();
});

const streams = ['journal-a', 'journal-b', 'journal-c'];
const move = (projection: string, from: number, to: number, of = streams): CheckpointMove => ({
  projection,
  advances: of.map((stream) => ({ stream, from, to, hash: to % 2 === 0 ? `${stream}${to}` : undefined })),
});
const moveAll = (moves: readonly CheckpointMove[]): Promise<void> =>
  db.transaction((sql) => moveCheckpoints(sql, moves), { isPipelined: true });
const places = async (projection: string): Promise<readonly unknown[]> => {
  const found = await selectCheckpoints(db, projection, streams);
  return streams.map((stream) => found.get(stream));
};
/** How many rows of checkpoints, and entries of their indices, this transaction has read so far. */
const entriesRead = async (sql: Sql): Promise<number> => {
  const { rows } = await sql.query<{ n: string }>(
    `select sum(pg_stat_get_xact_tuples_returned(indexrelid))
            + pg_stat_get_xact_tuples_returned('read.checkpoint_rows'::regclass) as n
       from pg_index where indrelid = 'read.checkpoint_rows'::regclass`,
  );
  return Number(rows[0]?.n);
};
const at = (revision: number): readonly unknown[] =>
  streams.map((stream) => ({ revision, hash: revision % 2 === 0 ? `${stream}${revision}` : undefined }));

describe('the checkpoints of several projections', () => {
  it('begin and go on, alike or each on its own', async () => {
    await moveAll([move('x', -1, 2), move('y', -1, 2)]);
    await moveAll([move('x', 2, 3), move('y', 2, 3)]);
    await moveAll([move('x', 3, 4), move('z', -1, 4)]);
    expect([await places('x'), await places('y'), await places('z')]).toEqual([at(4), at(3), at(4)]);
    await moveAll([move('x', 4, 6), move('y', 3, 6), move('z', 4, 6, ['journal-b'])]);
    expect([await places('x'), await places('y')]).toEqual([at(6), at(6)]);
    expect((await places('z'))[1]).toEqual(at(6)[1]);
  });

  it.each(['first', 'second'])('all stay where they are when one has moved: of the %s', async (which) => {
    const [first, second] = [`${which}-1`, `${which}-2`];
    await moveAll([move(first, -1, 2), move(second, -1, 2)]);
    await moveAll([move(which === 'first' ? first : second, 2, 4, ['journal-b'])]);
    const moves = [move(first, 2, 6), move(second, 2, 6)];
    await expect(moveAll(moves)).rejects.toThrow(CheckpointMoved);
    expect((await places(first))[0]).toEqual(at(2)[0]);
    expect((await places(second))[2]).toEqual(at(2)[2]);
  });

  const rowsOf = async (stream: string): Promise<number> => {
    const { rows } = await db.query<{ n: string }>(
      `select count(*) as n from read.checkpoint_rows where stream = $1 and leader is null`,
      [stream],
    );
    return Number(rows[0]?.n);
  };

  it('share a row while they stand at one place', async () => {
    const of = ['journal-shared'];
    const place = async (projection: string): Promise<number | undefined> =>
      (await selectCheckpoints(db, projection, of)).get('journal-shared')?.revision;
    const moveEach = (names: readonly string[], from: number, to: number): Promise<void> =>
      moveAll(names.map((name) => move(name, from, to, of)));
    await moveEach(['p', 'q', 'r'], -1, 1);
    await moveEach(['p', 'q', 'r'], 1, 2);
    expect(await rowsOf('journal-shared')).toBe(1);
    // One halts, and is read again later.
    await moveEach(['q', 'r'], 2, 5);
    expect([await place('p'), await place('q'), await place('r')]).toEqual([2, 5, 5]);
    expect(await rowsOf('journal-shared')).toBe(2);
    await moveEach(['p'], 2, 5);
    await moveEach(['p', 'q', 'r'], 5, 6);
    expect([await place('p'), await place('q'), await place('r')]).toEqual([6, 6, 6]);
    expect(await rowsOf('journal-shared')).toBe(1);
  });

  it('are begun by one of two that begin a stream at once', async () => {
    const of = ['journal-begun'];
    const ends = await Promise.allSettled([
      moveAll([move('f', -1, 1, of), move('g', -1, 1, of)]),
      moveAll([move('g', -1, 2, of), move('h', -1, 2, of)]),
    ]);
    const [lost] = ends.filter((end) => end.status === 'rejected');
    expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(1);
    expect(lost?.reason).toBeInstanceOf(CheckpointMoved);
  });

  it('are moved by one of two that go on at once', async () => {
    const of = ['journal-raced'];
    const moveBoth = (from: number, to: number): Promise<void> =>
      moveAll([move('f', from, to, of), move('g', from, to, of)]);
    await moveBoth(-1, 1);
    const ends = await Promise.allSettled([moveBoth(1, 2), moveBoth(1, 3)]);
    const [lost] = ends.filter((end) => end.status === 'rejected');
    expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(1);
    expect(lost?.reason).toBeInstanceOf(CheckpointMoved);
  });

  it('are found one by one among many streams, with a plan made when there were few', async () => {
    const many = Array.from({ length: 1_000 }, (_, n) => `journal-many-${n}`);
    const few = many.slice(0, 3);
    await db.transaction(async (sql) => {
      // The plan that a prepared statement keeps.
      await sql.query('set local plan_cache_mode = force_generic_plan');
      await moveCheckpoints(sql, [move('s', -1, 1, few), move('t', -1, 1, few)]);
      await moveCheckpoints(sql, [move('s', 1, 2, few), move('t', 1, 2, few)]);
      await moveCheckpoints(sql, [move('s', -1, 1, many.slice(3)), move('t', -1, 1, many.slice(3))]);
      const before = await entriesRead(sql);
      await moveCheckpoints(sql, [move('s', 2, 3, few), move('t', 2, 3, few)]);
      expect((await entriesRead(sql)) - before).toBeLessThan(10);
    });
  });

  it('are what each was moved to, whatever they share', async () => {
    const names = ['k', 'l', 'm', 'n'];
    const of = ['journal-x', 'journal-y'];
    const step = fc.oneof(
      fc.record({
        names: fc.subarray(names, { minLength: 1 }),
        streams: fc.subarray(of, { minLength: 1 }),
        by: fc.integer({ min: 1, max: 2 }),
        wrong: fc.constantFrom(0, 0, 0, 1),
      }),
      fc.constantFrom(...names),
      fc.record({ stream: fc.constantFrom(...of), kept: fc.subarray(names) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        await db.query('delete from read.checkpoint_rows where stream = any ($1)', [of]);
        const model = new Map<string, number>();
        const at = (name: string, stream: string): number => model.get(`${name} ${stream}`) ?? -1;
        const forget = (name: string, stream: string): void => void model.delete(`${name} ${stream}`);
        for (const one of steps) {
          if (typeof one === 'string') {
            await db.transaction((sql) => deleteCheckpointsOf(sql, one));
            for (const stream of of) forget(one, stream);
          } else if ('kept' in one) {
            await db.transaction((sql) => deleteCheckpointsIn(sql, one.stream, one.kept));
            for (const name of names) if (!one.kept.includes(name)) forget(name, one.stream);
          } else {
            // What a lane does: all go to one place, from wherever they are.
            const to =
              Math.max(...one.names.flatMap((name) => of.map((stream) => at(name, stream)))) + one.by;
            const moves = one.names.map((projection) => ({
              projection,
              advances: one.streams.map((stream) => ({
                ...{ stream, from: at(projection, stream) - one.wrong, to, hash: `${stream}${to}` },
              })),
            }));
            const moved = moveAll(moves);
            if (one.wrong > 0) await expect(moved).rejects.toThrow(CheckpointMoved);
            else {
              await moved;
              for (const name of one.names)
                for (const stream of one.streams) model.set(`${name} ${stream}`, to);
            }
          }
          const { rows } = await db.query<{ key: string; revision: string; hash: string }>(
            `select projection || ' ' || stream as key, revision, hash from read.checkpoints where stream = any ($1)`,
            [of],
          );
          expect(new Map(rows.map(({ key, revision }) => [key, Number(revision)]))).toEqual(model);
          for (const { key, revision, hash } of rows) expect(hash).toBe(`${key.split(' ')[1]}${revision}`);
        }
      }),
    );
  });
});
