import { messageOf } from '@fintech-ledger/contract';
import type { Sql } from '@fintech-ledger/postgres';
import type { EndpointFacts } from '@fintech-ledger/webhooks/domain';
import { takeNews } from '../outbox/news';
import type { Taken } from '../outbox/news';
import { reportParked } from '../parked/park-events';
import type { SequencerOptions } from '../outbox/sequencer';
import { tellPlaces } from '../outbox/tell-places';
import { queueReplayed } from './queue-replayed';
import { returnFromLane } from './return-from-lane';

/** Messages of one replay that wait in its lane at most, but for those of one step more. */
const waitingMax = 500;
/** Replays that go on by a step in one round. */
const replaysMax = 20;

interface Row {
  readonly id: string;
  readonly endpoint: EndpointFacts;
  readonly organization_id: string;
  readonly is_live: boolean;
  readonly created_ms: string;
  readonly types: string;
  readonly to_ms: string;
  readonly stream: string | null;
  readonly taken: string;
  readonly recorded_ms: string;
  readonly last: string;
  /** Up to where the endpoint was told of the stream as it happened. */
  readonly told: string;
  readonly waiting: string;
  readonly is_deleted: boolean;
}

/** Puts what replays are of into their lanes, step by step, as far as it is sent from there. */
export class Replayer {
  constructor(private readonly options: SequencerOptions) {}

  /** One step of each replay. @returns whether there may be more at once */
  async run(signal?: AbortSignal): Promise<boolean> {
    let isMore = false;
    for (const row of await findRunning(this.options.db)) {
      if (signal?.aborted === true) return false;
      try {
        isMore = (await this.step(row)) || isMore;
      } catch (error) {
        const facts = { replay: row.id, stream: row.stream, reason: messageOf(error) };
        this.options.log.warn(facts, 'a replay can not go on; it is tried again');
      }
    }
    return isMore;
  }

  private async step(row: Row): Promise<boolean> {
    const { db, nowMs, log, made } = this.options;
    if (row.is_deleted) return this.end(row.id, 'canceled');
    const { stream } = row;
    const waiting = Number(row.waiting);
    if (stream === null) return waiting === 0 && this.end(row.id, 'done');
    if (waiting >= waitingMax) return false;
    const [taken, recordedMs] = [Number(row.taken), Number(row.recorded_ms)];
    const of = { organizationId: row.organization_id, stream };
    const wanted = { ...of, taken, fromMs: recordedMs, toMs: Number(row.to_ms), last: Number(row.last) };
    const next = this.withoutLive(row, await takeNews(db, wanted, row.types.split('\n')));
    if (next.through <= taken) return false;
    const told = await tellPlaces(this.options, of, next.places);
    reportParked(log, { ...row, stream }, told);
    const to = { endpoint: row.endpoint, organizationId: row.organization_id, isLive: row.is_live };
    const isQueued = await queueReplayed(
      db,
      { ...to, ...next, replayId: row.id, stream, taken },
      told,
      nowMs(),
    );
    if (isQueued && told.length > 0) made?.();
    return isQueued;
  }

  /** What the endpoint is going to be told as it happened is not taken before: it would have its message twice. */
  private withoutLive(row: Row, next: Taken): Taken {
    const [created, told] = [Number(row.created_ms), Number(row.told)];
    const live = next.places.find(({ recordedMs, revision }) => recordedMs >= created && revision > told);
    if (live === undefined) return next;
    const places = next.places.filter(({ revision }) => revision < live.revision);
    return {
      places,
      through: live.revision - 1,
      throughMs: places.at(-1)?.recordedMs ?? Number(row.recorded_ms),
    };
  }

  private async end(id: string, state: 'done' | 'canceled'): Promise<boolean> {
    const { db, nowMs } = this.options;
    await db.transaction(async (sql) => {
      const { rowCount } = await sql.query(
        `update hooks.replays set state = $2, ended_ms = $3 where id = $1 and state = 'running'`,
        [id, state, nowMs()],
      );
      if (rowCount > 0 && state === 'canceled') await returnFromLane(sql, id);
      await sql.query('delete from hooks.replay_streams where replay_id = $1', [id]);
    });
    return false;
  }
}

/** Replays that go on, in no order, with the stream that is next. One of an endpoint that is disabled waits. */
async function findRunning(sql: Sql): Promise<readonly Row[]> {
  const { rows } = await sql.query<Row>(
    `select r.id, e.endpoint, r.organization_id, o.parent_id is null as is_live, e.created_ms, r.types, r.to_ms,
            s.stream, s.taken, s.recorded_ms, s.last, coalesce(c.revision, -1) as told, w.waiting,
            e.deleted_ms is not null as is_deleted
       from hooks.replays r
       join read.webhook_endpoints e on e.id = r.endpoint_id
       join read.organizations o on o.id = e.organization_id
      cross join lateral (select count(*) as waiting from hooks.messages m
                           where m.replay_id = r.id and m.status = 'pending') w
       left join lateral (select * from hooks.replay_streams s where s.replay_id = r.id and s.taken < s.last
                           order by s.stream limit 1) s on true
       left join hooks.cursors c on c.endpoint_id = e.id and c.stream = s.stream
      where r.state = 'running' and (e.deleted_ms is not null or e.endpoint ->> 'disabledBecause' is null)
      order by random() limit ${replaysMax}`,
    [],
    'running-webhook-replays',
  );
  return rows;
}
