import type { Sql } from '@fintech-ledger/postgres';
import { insertRebuild, isRunning, moveRebuild, selectRebuilds } from './rebuild-rows';
import type { Rebuild } from './rebuild-rows';
import { otherSide } from './sides';
import type { Side } from './sides';

export interface ToBegin {
  readonly projection: string;
  readonly ledger: string | null;
  /** Of the rows that the processes of now make. */
  readonly version: number;
  readonly autoSwap: boolean;
  readonly because: string;
}

/** A rebuild of the projection runs already. */
export class RebuildRuns extends Error {
  override readonly name = 'RebuildRuns';
  constructor(readonly rebuild: Rebuild) {
    super(`the rebuild ${rebuild.id} of ${rebuild.projection} is ${rebuild.state}`);
  }
}

/** The rows that are read are of another version, so those of other ledgers can't be copied. */
export class OtherVersion extends Error {
  override readonly name = 'OtherVersion';
  constructor(readonly live: number) {
    super(`what is read is of version ${live}`);
  }
}

/**
 * Notes a rebuild, which a projector then does. The side that the last one left for a rollback is given up.
 * @param sql a transaction
 * @throws RebuildRuns, OtherVersion
 */
export async function beginRebuild(sql: Sql, asked: ToBegin): Promise<Rebuild | undefined> {
  const { rows } = await sql.query<{ side: Side; version: number }>(
    `select side, version from read.projections where name = $1 for update`,
    [asked.projection],
  );
  const [live] = rows;
  if (live === undefined) return undefined;
  const known = await selectRebuilds(sql, { projection: asked.projection });
  const running = known.find(isRunning);
  if (running !== undefined) throw new RebuildRuns(running);
  if (asked.ledger !== null && live.version !== asked.version) throw new OtherVersion(live.version);
  for (const last of known) if (last.state === 'swapped') await moveRebuild(sql, last, 'dropped');
  return insertRebuild(sql, { ...asked, oldVersion: live.version, side: otherSide(live.side) });
}

/** The rows that are read are of an older version: they are made again beside it, unless that is going on. */
export async function beginForVersion(
  sql: Sql,
  { name, version }: { readonly name: string; readonly version: number },
  stored: number,
): Promise<void> {
  const running = (await selectRebuilds(sql, { projection: name })).find(isRunning);
  if (running?.version === version && running.ledger === null) return;
  if (running !== undefined) await moveRebuild(sql, running, 'cancelled');
  await beginRebuild(sql, {
    projection: name,
    ledger: null,
    version,
    autoSwap: true,
    because: `its rows are of version ${stored}, and this process makes version ${version}`,
  });
}
