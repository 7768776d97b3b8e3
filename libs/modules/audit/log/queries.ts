import { journalStream } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import { column, followed, inTurnOf } from '@fintech-ledger/projection-runtime';
import type { FairTurns, Followed, PositionWaiter } from '@fintech-ledger/projection-runtime';
import { MerkleTree, tileName } from '../merkle/merkle-tree';
import type { ReadTiles } from '../merkle/merkle-tree';

/** The name under which the queries of Merkle logs are provided to handlers. */
export const merkleLogQueriesPort = Symbol('MerkleLogQueries');

export interface MerkleLogQueries extends Followed {
  /** How many leaves a ledger's log has. */
  size(organizationId: string, ledgerId: string): Promise<number>;
  tree(organizationId: string, ledgerId: string): MerkleTree;
}

/** All throw DatabaseUnavailable when Postgres is unavailable. */
export function postgresMerkleLogQueries(
  db: Sql,
  waiter: Pick<PositionWaiter, 'waitFor'>,
  turns?: FairTurns,
): MerkleLogQueries {
  const sqlOf = (organizationId: string): Sql => inTurnOf(turns, organizationId, db);
  return {
    ...followed(db, waiter, journalStream),
    size: (organizationId, ledgerId) => selectSize(sqlOf(organizationId), ledgerId),
    tree: (organizationId, ledgerId) => treeOf(sqlOf(organizationId), ledgerId),
  };
}

async function selectSize(sql: Sql, ledgerId: string): Promise<number> {
  const { rows } = await sql.query<{ revision: string }>(
    `select revision from read.checkpoints where stream = $1 and projection = 'merkle_log'`,
    [journalStream(ledgerId)],
    'size-of-merkle-log',
  );
  return Number(rows[0]?.revision ?? -1) + 1;
}

/** The tree of a ledger, as the live side of the read model has it. */
export const treeOf = (sql: Sql, ledgerId: string): MerkleTree => new MerkleTree(tilesOf(sql, ledgerId));

function tilesOf(sql: Sql, ledgerId: string): ReadTiles {
  return async (places) => {
    const { rows } = await sql.query<{ level: number; tile: string; entries: Buffer }>(
      `select t.level, t.tile, t.entries
         from unnest(string_to_array($2, E'\\n')::smallint[], string_to_array($3, E'\\n')::bigint[]) as p (level, tile)
         join read.merkle_tiles t on t.ledger_id = $1 and t.level = p.level and t.tile = p.tile`,
      [ledgerId, column(places, ({ level }) => level), column(places, ({ tile }) => tile)],
      'select-merkle-tiles',
    );
    return new Map(
      rows.map(({ level, tile, entries }) => [tileName({ level, tile: Number(tile) }), entries]),
    );
  };
}
