import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { moveCheckpoints, selectCheckpoints } from './checkpoints';
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
});
