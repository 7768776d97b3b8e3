import { feedToken } from '@fintech-ledger/event-feed';
import type { EventFeed, FeedToken } from '@fintech-ledger/event-feed';
import type { Sql } from '@fintech-ledger/postgres';
import { selectHaltedStreams } from '../halted-streams';
import type { HaltedStream } from '../halted-streams';
import { haltAdvice } from '../parked/halt-advice';
import { projectorLock } from '../hold-lock';
import { unsidedName } from '../rebuild/sides';
import { lookFreshSeconds } from '../projector-looks';
import type { ProjectionView } from './projection-view';

/** How the read models are doing. */
export interface ProjectionStates {
  projections(): Promise<readonly ProjectionView[]>;
}

/** Halted streams that are listed, of all projections together. */
const listedStreamsMax = 400;

interface ProjectionRow {
  readonly name: string;
  readonly version: number;
  readonly feed_token: string | null;
  readonly recorded_ms: string | null;
  readonly state: 'starting' | 'running' | 'halted';
  readonly last_error: string | null;
  readonly is_projected: boolean;
  /** Somebody projects and has said so just now. */
  readonly is_fresh: boolean | null;
  /** The oldest event that is read and not applied, by what was said last. */
  readonly waiting_ms: string | null;
  readonly looked_ms: string | null;
  readonly halted_streams: string;
  /** How long it has not got on. */
  readonly unmoved_seconds: number;
}

/** What the feed knows to be after a projection's token. */
interface FeedLag {
  readonly events: number | null;
  readonly oldestMs: number | null;
  readonly unsentMs: number | null;
}

/**
 * How every projection is doing, whichever process projects. While none does (none holds the projector's lock) it is
 * `starting`. Lag: events that are not applied, whether they have come into the feed or not; the age of the oldest one,
 * 0 when there is none. Where one can't look at that, it is what the projector says that it has read and not applied,
 * or the time since it said that there was nothing.
 */
export function postgresProjectionStates(
  db: Sql,
  feed: Pick<EventFeed, 'countAfter' | 'oldestAfterMs' | 'oldestUnsentMs'>,
  nowMs: () => number = Date.now,
): ProjectionStates {
  return {
    async projections() {
      const { rows } = await db.query<ProjectionRow>(
        `select p.name, p.version, p.feed_token, p.recorded_ms, p.state, p.last_error,
                extract(epoch from clock_timestamp() - p.progressed_at)::float8 as unmoved_seconds,
                l.is_fresh, l.waiting_ms, l.looked_ms,
                (select count(*) from read.halted_streams h
                  where h.projection = case p.side when 'b' then p.name || ':b' else p.name end
                    and h.attempts > 0) as halted_streams,
                exists (select from pg_locks l join pg_database d on d.oid = l.database
                         where l.locktype = 'advisory' and l.granted and d.datname = current_database()
                           and (l.classid::bigint << 32) + l.objid::bigint = $1::bigint) as is_projected
           from read.projections p
           left join lateral (
             select bool_or(k.is_fresh) as is_fresh, min(k.waiting_ms) as waiting_ms,
                    max(floor(extract(epoch from k.looked_at) * 1000)) as looked_ms
               from (select l.looked_at, l.waiting_ms, l.looked_at > now() - $2 * interval '1 second' as is_fresh,
                            max(l.looked_at) over () as last_look
                       from read.projector_looks l where l.projection = p.name) k
              where k.is_fresh or k.looked_at = k.last_look) l on true
          order by p.name`,
        [projectorLock, lookFreshSeconds],
      );
      const halted = await selectHaltedStreams(db, { limit: listedStreamsMax });
      const lags = new Map<string | null, Promise<FeedLag>>();
      let unsentMs: Promise<number | null> | undefined;
      const lagAfter = async (token: FeedToken | undefined): Promise<FeedLag> => {
        const events = await feed.countAfter(token);
        if (events === 0) return { events, oldestMs: null, unsentMs: null };
        // Where events can't be counted, the projector knows as much.
        const oldestMs = events === null ? null : ((await feed.oldestAfterMs?.(token)) ?? null);
        unsentMs ??= feed.oldestUnsentMs?.();
        return { events, oldestMs, unsentMs: (await unsentMs) ?? null };
      };
      const lagOf = ({ feed_token: token }: ProjectionRow): Promise<FeedLag> => {
        const lag = lags.get(token) ?? lagAfter(token === null ? undefined : feedToken(token));
        lags.set(token, lag);
        return lag;
      };
      return Promise.all(rows.map(async (row) => projectionView(row, halted, await lagOf(row), nowMs())));
    },
  };
}

function projectionView(
  row: ProjectionRow,
  halted: readonly HaltedStream[],
  lag: FeedLag,
  nowMs: number,
): ProjectionView {
  const streams = halted.filter(
    ({ projection, attempts }) => unsidedName(projection) === row.name && attempts > 0,
  );
  const seconds = lagSeconds(row, lag, nowMs);
  return {
    object: 'projection',
    name: row.name,
    version: row.version,
    position: row.feed_token,
    lag: { events: lag.events, seconds },
    no_progress_seconds: Math.min(seconds, Math.max(0, row.unmoved_seconds)),
    state: row.state === 'halted' || row.is_projected ? row.state : 'starting',
    last_error: row.last_error ?? streams[0]?.reason ?? null,
    halted_streams_count: Number(row.halted_streams),
    halted_streams: streams.map(({ id, stream, revision, reason, code, since, attempts, retryAt }) => ({
      stream,
      revision,
      id,
      reason,
      advice: haltAdvice(code),
      since: since.toISOString(),
      attempts,
      retry_at: retryAt?.toISOString() ?? null,
    })),
  };
}

function lagSeconds(row: ProjectionRow, { events, oldestMs, unsentMs }: FeedLag, nowMs: number): number {
  if (events === 0) return 0;
  const sinceMs =
    oldestMs === null ? [unsentMs, readAndWaitingMs(row, events)].filter((ms) => ms !== null) : [oldestMs];
  return sinceMs.length === 0 ? 0 : Math.max(0, nowMs - Math.min(...sinceMs)) / 1000;
}

/** Since when the projector has something that is not applied, or has said nothing; null: it has nothing. */
function readAndWaitingMs(row: ProjectionRow, events: number | null): number | null {
  // Nothing is waiting, and nobody knows of more.
  if (events === null && row.is_fresh === true && row.waiting_ms === null) return null;
  const sinceMs = row.waiting_ms ?? row.looked_ms ?? row.recorded_ms;
  return sinceMs === null ? null : Number(sinceMs);
}
