import type { ProjectionQueries, ProjectionView } from '@fintech-ledger/application';
import { feedToken } from '@fintech-ledger/event-feed';
import type { EventFeed } from '@fintech-ledger/event-feed';
import type { Sql } from '@fintech-ledger/postgres';
import { projectorLock } from '@fintech-ledger/projection-runtime';

interface ProjectionRow {
  readonly name: string;
  readonly version: number;
  readonly feed_token: string | null;
  readonly recorded_ms: string | null;
  readonly state: 'starting' | 'running' | 'halted';
  readonly last_error: string | null;
  readonly is_projected: boolean;
}

/**
 * How every projection is doing, whichever process projects. While none does (none holds the projector's lock) it is `starting`.
 * Lag: events of the feed that are not applied; the seconds since the last applied one was recorded, 0 when there are none.
 */
export function postgresProjectionQueries(
  db: Sql,
  feed: Pick<EventFeed, 'countAfter'>,
  nowMs: () => number = Date.now,
): ProjectionQueries {
  return {
    async projections() {
      const { rows } = await db.query<ProjectionRow>(
        `select p.name, p.version, p.feed_token, p.recorded_ms, p.state, p.last_error,
                exists (select from pg_locks l join pg_database d on d.oid = l.database
                         where l.locktype = 'advisory' and l.granted and d.datname = current_database()
                           and (l.classid::bigint << 32) + l.objid::bigint = $1::bigint) as is_projected
           from read.projections p order by p.name`,
        [projectorLock],
      );
      const counts = new Map<string | null, Promise<number | null>>();
      const countAfter = (token: string | null): Promise<number | null> => {
        const count = counts.get(token) ?? feed.countAfter(token === null ? undefined : feedToken(token));
        counts.set(token, count);
        return count;
      };
      return Promise.all(
        rows.map(async (row) => projectionView(row, await countAfter(row.feed_token), nowMs())),
      );
    },
  };
}

function projectionView(row: ProjectionRow, events: number | null, nowMs: number): ProjectionView {
  const isBehind = events !== 0 && row.recorded_ms !== null;
  return {
    object: 'projection',
    name: row.name,
    version: row.version,
    position: row.feed_token,
    lag: { events, seconds: isBehind ? Math.max(0, nowMs - Number(row.recorded_ms)) / 1000 : 0 },
    state: row.state === 'halted' || row.is_projected ? row.state : 'starting',
    last_error: row.last_error,
  };
}
