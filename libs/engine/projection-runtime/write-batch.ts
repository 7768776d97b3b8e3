import { DatabaseError, readByIndex } from '@fintech-ledger/postgres';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { moveCheckpoints } from './checkpoints';
import { reasonOf, WriteFailed } from './errors';
import type { FoldedPart, Halt } from './fold-batch';
import { haltCodeOf } from './halt-codes';
import { insertHalted } from './halted-streams';

/** Of what is asked for in a transaction in which something failed before. */
const afterAFailure = '25P02';

/**
 * Rows, checkpoints, and what halted, in one transaction. What projections write does not rest on one another, so all
 * begin at once and share a few trips to the server; checkpoints are first: their rows keep other projectors waiting.
 * @throws WriteFailed · CheckpointMoved
 */
export async function writeBatch(
  db: Database,
  parts: readonly FoldedPart[],
  halts: readonly Halt[],
  also: (sql: Sql) => Promise<void>,
): Promise<void> {
  const write = async (sql: Sql): Promise<void> => {
    const written = parts.map(({ projection, write: writeRows }) =>
      writeRows(sql).catch((cause: unknown) => {
        throw new WriteFailed(projection, cause);
      }),
    );
    const halted = halts.map((halt) =>
      insertHalted(sql, { ...halt, reason: reasonOf(halt.cause), code: haltCodeOf(halt.cause) }),
    );
    await allOf([...written, ...halted, also(sql)]);
  };
  const plans = async (sql: Sql): Promise<void> =>
    void (await sql.query(`select ${readByIndex}`, [], 'read-by-index'));
  await db.transaction((sql) => allOf([plans(sql), moveCheckpoints(sql, parts), write(sql)]), {
    isPipelined: true,
  });
}

/** Waits for all. @throws the first failure that is none of another one */
async function allOf(all: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(all);
  const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  if (failures.length > 0) throw failures.find((failure) => !isOfAnother(failure)) ?? failures[0];
}

function isOfAnother(failure: unknown): boolean {
  const cause = failure instanceof WriteFailed ? failure.cause : failure;
  return cause instanceof DatabaseError && cause.sqlState === afterAFailure;
}
