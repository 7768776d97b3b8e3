import type { DeclaredRefusal } from '@fintech-ledger/contract';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { refusedQuery } from '../reads/refused';
import { beginRebuild, OtherVersion, RebuildRuns } from './begin';
import {
  projectionHasNoLedgers,
  projectionNotFound,
  projectionNotRebuildable,
  rebuildNotFound,
  rebuildNotReady,
  rebuildNotReversible,
  rebuildNotRunning,
  rebuildRunning,
} from './rebuild-refusals';
import { isRunning, lockRebuild, moveRebuild, selectRebuilds } from './rebuild-rows';
import type { Rebuild, RebuildState } from './rebuild-rows';
import { otherSide } from './sides';

/** What may be rebuilt, as the processes of now make it. */
export interface Rebuildable {
  readonly name: string;
  readonly version: number;
  readonly mayBeRebuilt: boolean;
  readonly tables: readonly string[];
  readonly streamPrefixes: readonly string[];
}

/** What operators ask of rebuilds. All throw Refused. */
export interface Rebuilds {
  /** @param by who asks */
  start(
    projection: string,
    asked: { readonly ledger: string | null; readonly autoSwap: boolean },
    by: string,
  ): Promise<Rebuild>;
  list(
    projection: string,
    page: { readonly limit: number; readonly after?: string },
  ): Promise<readonly Rebuild[]>;
  get(projection: string, id: string): Promise<Rebuild>;
  swap(projection: string, id: string): Promise<Rebuild>;
  cancel(projection: string, id: string): Promise<Rebuild>;
  rollback(projection: string, id: string): Promise<Rebuild>;
  drop(projection: string, id: string): Promise<Rebuild>;
}

export interface RebuildNames {
  /** What is written because of events and is no read model. */
  readonly outboxes: readonly string[];
  /** What the names of the streams of ledgers begin with. */
  readonly journalPrefix: string;
  readonly ledgerNotFound: DeclaredRefusal;
}

export function postgresRebuilds(
  db: Database,
  projections: readonly Rebuildable[],
  names: RebuildNames,
): Rebuilds {
  const known = (name: string): Rebuildable => {
    const found = projections.find((projection) => projection.name === name);
    if (names.outboxes.includes(name) || found?.mayBeRebuilt === false || found?.tables.length === 0)
      throw refusedQuery(projectionNotRebuildable, `${name} is an outbox: it can't be rebuilt.`);
    if (found === undefined) throw refusedQuery(projectionNotFound, `There is no projection ${name}.`);
    return found;
  };
  const get = async (name: string, id: string): Promise<Rebuild> => {
    const [rebuild] = await selectRebuilds(db, { projection: known(name).name, id });
    return rebuild ?? notFound(id);
  };
  const change =
    (work: (sql: Sql, rebuild: Rebuild, projection: Rebuildable) => Promise<unknown>) =>
    async (name: string, id: string): Promise<Rebuild> => {
      const projection = known(name);
      await get(name, id);
      await db.transaction(async (sql) => {
        // In the order in which one begins: the projection's row first.
        await sql.query(`select from read.projections where name = $1 for update`, [name]);
        await work(sql, (await lockRebuild(sql, id)) ?? notFound(id), projection);
      });
      return get(name, id);
    };
  return {
    start: async (name, asked, by) => start(db, known(name), names, { ...asked, by }),
    list: async (name, page) => selectRebuilds(db, { projection: known(name).name, ...page }),
    get,
    swap: change(swapSides),
    cancel: change(async (sql, rebuild) => {
      if (!isRunning(rebuild)) throw refusedIn(rebuildNotRunning, rebuild);
      await moveRebuild(sql, rebuild, 'cancelled');
    }),
    rollback: change(rollBack),
    drop: change(async (sql, rebuild) => {
      if (rebuild.state !== 'swapped') throw refusedIn(rebuildNotReversible, rebuild);
      await moveRebuild(sql, rebuild, 'dropped');
    }),
  };
}

async function start(
  db: Database,
  { name, version, streamPrefixes }: Rebuildable,
  { journalPrefix, ledgerNotFound }: RebuildNames,
  {
    ledger,
    autoSwap,
    by,
  }: { readonly ledger: string | null; readonly autoSwap: boolean; readonly by: string },
): Promise<Rebuild> {
  if (ledger !== null && !streamPrefixes.includes(journalPrefix))
    throw refusedQuery(
      projectionHasNoLedgers,
      `${name} has no rows of ledgers: leave out ledger.`,
      '/ledger',
    );
  if (ledger !== null && !(await isProjected(db, `${journalPrefix}${ledger}`)))
    throw refusedQuery(ledgerNotFound, `There is no ledger ${ledger}.`, '/ledger');
  try {
    const asked = { projection: name, ledger, version, autoSwap, because: by };
    const begun = await db.transaction((sql) => beginRebuild(sql, asked));
    if (begun === undefined) throw refusedQuery(projectionNotFound, `No process has projected ${name} yet.`);
    return begun;
  } catch (error) {
    if (error instanceof OtherVersion) {
      const versions = `The tables of ${name} are of version ${error.live}, and version ${version} is made`;
      throw refusedQuery(projectionNotRebuildable, `${versions}: rebuild all of it.`, '/ledger');
    }
    if (!(error instanceof RebuildRuns)) throw error;
    const { id, state } = error.rebuild;
    throw refusedQuery(rebuildRunning, `The rebuild ${id} of ${name} is ${state}.`);
  }
}

async function rollBack(sql: Sql, rebuild: Rebuild, { version }: Rebuildable): Promise<void> {
  if (rebuild.state !== 'swapped') throw refusedIn(rebuildNotReversible, rebuild);
  if (rebuild.oldVersion !== version)
    throw refusedQuery(
      rebuildNotReversible,
      `The old tables are of version ${rebuild.oldVersion}, and version ${version} runs.`,
    );
  await turn(sql, rebuild.projection, otherSide(rebuild.side), rebuild.oldVersion);
  await moveRebuild(sql, rebuild, 'rolled_back');
}

async function isProjected(sql: Sql, stream: string): Promise<boolean> {
  const { rows } = await sql.query(`select from read.checkpoints where stream = $1 limit 1`, [stream]);
  return rows.length > 0;
}

/** Queries read the side that was filled, from now on; the rebuild's row is locked. @throws Refused */
export async function swapSides(sql: Sql, rebuild: Rebuild): Promise<void> {
  if (rebuild.state !== 'ready') throw refusedIn(rebuildNotReady, rebuild);
  await turn(sql, rebuild.projection, rebuild.side, rebuild.version);
  await moveRebuild(sql, rebuild, 'swapped');
}

const turn = (sql: Sql, projection: string, side: string, version: number): Promise<unknown> =>
  sql.query(`update read.projections set side = $2, version = $3 where name = $1`, [
    projection,
    side,
    version,
  ]);

function notFound(id: string): never {
  throw refusedQuery(rebuildNotFound, `There is no rebuild ${id} of this projection.`);
}

const sayings: Readonly<Record<RebuildState, string>> = {
  filling: 'is being filled',
  catching_up: 'catches up',
  verifying: 'is being verified',
  ready: 'is verified',
  swapped: 'is swapped',
  rolled_back: 'was rolled back',
  dropped: 'is swapped, and its old tables were dropped',
  cancelled: 'was cancelled',
  failed: 'has failed',
};

const refusedIn = (refused: Parameters<typeof refusedQuery>[0], { id, state }: Rebuild) =>
  refusedQuery(refused, `The rebuild ${id} ${sayings[state]}.`);
