import type { Database, Sql } from '@fintech-ledger/postgres';
import { moveCheckpoints } from './checkpoints';
import { reasonOf, WriteFailed } from './errors';
import type { FoldedPart, Halt } from './fold-batch';
import { insertHalted } from './halted-streams';

/** Rows, checkpoints, and what halted, in one transaction. @throws WriteFailed · CheckpointMoved */
export async function writeBatch(
  db: Database,
  parts: readonly FoldedPart[],
  halts: readonly Halt[],
  also: (sql: Sql) => Promise<void>,
): Promise<void> {
  await db.transaction(async (sql) => {
    await moveCheckpoints(sql, parts);
    for (const { projection, write } of parts) {
      await write(sql).catch((cause: unknown) => {
        throw new WriteFailed(projection, cause);
      });
    }
    for (const halt of halts) await insertHalted(sql, { ...halt, reason: reasonOf(halt.cause) });
    await also(sql);
  });
}
