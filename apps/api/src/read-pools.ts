import type { Config } from '@fintech-ledger/config';
import { openPool } from '@fintech-ledger/installation';
import type { LedgerQueryTurns } from '@fintech-ledger/ledger';
import type { Database } from '@fintech-ledger/postgres';
import { FairTurns, liveTables } from '@fintech-ledger/projection-runtime';
import type { LiveDatabase } from '@fintech-ledger/projection-runtime';
import { modules } from '../../modules';
import {
  accessConnectionsMax,
  eventConnectionsMax,
  expensiveQueryMsMax,
  expensiveTurns,
  plainTurns,
} from './limits';

/** What an API process reads Postgres with. They are apart, so that what is slow keeps nothing else waiting. */
export interface ReadPools {
  /** The read models. Queries of organizations have turns for it. */
  readonly queries: LiveDatabase;
  /** Whether the database is there at all, and what no event fills. It reads no read models: see `keys`. */
  readonly access: Database;
  /** Who is let in: the read models, over the connections of `access`. */
  readonly keys: LiveDatabase;
  /** The events, where they are in Postgres. */
  readonly events: Database;
  /** What takes long is asked in a pool of its own. */
  readonly turns: LedgerQueryTurns;
  close(withinMs?: number): Promise<void>;
}

export function openReadPools(
  databaseUrl: string,
  { databasePoolMax, expensiveQueriesMax }: Pick<Config, 'databasePoolMax' | 'expensiveQueriesMax'>,
): ReadPools {
  const live = (db: Database): LiveDatabase => liveTables(db, modules.projections);
  const queries = live(openPool(databaseUrl, 'queries', databasePoolMax));
  const access = openPool(databaseUrl, 'access', accessConnectionsMax);
  const events = openPool(databaseUrl, 'events', eventConnectionsMax);
  const db = live(openPool(databaseUrl, 'expensive-queries', expensiveQueriesMax, expensiveQueryMsMax));
  return {
    queries,
    access,
    keys: live(access),
    events,
    turns: {
      plain: { db: queries, turns: new FairTurns(plainTurns(databasePoolMax)) },
      expensive: { db, turns: new FairTurns(expensiveTurns(expensiveQueriesMax)) },
    },
    async close(withinMs) {
      await Promise.all([queries, access, events, db].map((pool) => pool.close(withinMs)));
    },
  };
}
