import type { Birth } from '@fintech-ledger/envelope';
import { followed, inTurnOf } from '@fintech-ledger/projection-runtime';
import type { At, FairTurns, PositionWaiter } from '@fintech-ledger/projection-runtime';
import type { Sql } from '@fintech-ledger/postgres';
import { findBorn, findEvents } from './find-events';
import type { EventFilter, FoundPlace } from './find-events';
import { standingOf } from './standing';
import type { Standing } from './standing';

/** The name under which the queries of public events are provided to handlers. */
export const publicEventQueriesPort = Symbol('PublicEventQueries');

/** What the read model knows of public events. */
export interface PublicEventQueries {
  find(organizationId: string, filter: EventFilter, count: number): Promise<At<readonly FoundPlace[]>>;
  /** Where the events of a type are that an id like this may be of. */
  findBorn(organizationId: string, type: string, birth: Birth): Promise<At<readonly FoundPlace[]>>;
  /** What it lacks of the streams of an organization. */
  standing(organizationId: string): Promise<Standing>;
  /** Why it is halted for a stream. */
  haltedReason(stream: string): Promise<string | undefined>;
  waitFor(stream: string, revision: number, timeoutMs: number): Promise<boolean>;
}

/** All throw DatabaseUnavailable when Postgres is unavailable. */
export function postgresPublicEventQueries(
  db: Sql,
  waiter: Pick<PositionWaiter, 'waitFor'>,
  turns?: FairTurns,
): PublicEventQueries {
  const sqlOf = (organizationId: string): Sql => inTurnOf(turns, organizationId, db);
  return {
    find: (organizationId, filter, count) => findEvents(sqlOf(organizationId), organizationId, filter, count),
    findBorn: (organizationId, type, birth) => findBorn(sqlOf(organizationId), organizationId, [type], birth),
    standing: (organizationId) => standingOf(sqlOf(organizationId), organizationId),
    ...followed(db, waiter, (stream) => stream),
  };
}
