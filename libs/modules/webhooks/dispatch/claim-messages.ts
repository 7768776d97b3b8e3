import type { Database, Sql } from '@fintech-ledger/postgres';
import type { EndpointFacts } from '@fintech-ledger/webhooks/domain';
import { admit } from './circuit';
import { lockState, overMessages, saveState } from './endpoint-state';
import type { DueEndpoint } from './find-due';
import { afterAttempts, attemptsLeft } from './rate';
import type { Rate } from './rate';
import { liveLane, replayLane } from './lanes';
import type { Lane } from './lanes';
import { passOnAsked } from './pass-on-asked';

/** Messages that are under way to one endpoint at once; and of those, what a replay sends. */
export const [endpointInFlightMax, replayInFlightMax] = [10, 8];

export interface ClaimedMessage {
  readonly id: string;
  readonly body: string;
  /** Attempts of its schedule so far. */
  readonly step: number;
  /** In whose lane it is. */
  readonly replayId: string | null;
  /** When what it tells of was recorded. */
  readonly eventMs: number;
  readonly isTest: boolean;
}

/** How many messages of an endpoint a process takes, of what happens and of a replay. */
export interface Room {
  readonly live: number;
  readonly replayed: number;
}

export interface ClaimOptions {
  readonly room: Room;
  /** Attempts a second that an endpoint gets. */
  readonly perSecond: number;
  /** Whose claim it is. */
  readonly claimant: string;
  readonly nowMs: number;
  readonly untilMs: number;
}

/**
 * Claims messages that are due until a time by which each has an outcome, unless this process ends: then another one
 * claims them. Who claims holds the endpoint's row. Where another process has some of the endpoint, both together take
 * no more than are under way at once; else as many as the room is for. While the circuit is open it is one to see
 * whether the endpoint answers, when it is time for that, and what somebody asked for at any time, or what goes first.
 */
export function claimMessages(
  db: Database,
  { endpoint, enabledMs }: DueEndpoint,
  by: ClaimOptions,
): Promise<readonly ClaimedMessage[]> {
  const { nowMs, untilMs } = by;
  return db.transaction(async (sql) => {
    const { circuit, emptyAt } = await lockState(sql, endpoint.id, enabledMs);
    const admitted = admit(circuit, nowMs, untilMs - nowMs);
    const isOpen = circuit.probeAt !== null;
    const isAsked = isOpen && (await hasAsked(sql, endpoint.id, nowMs));
    if (!admitted.isAdmitted && !isAsked) return [];
    if (isAsked) await passOnAsked(sql, endpoint, nowMs);
    const rate = { perSecond: by.perSecond, emptyAt };
    const room = await roomOf(sql, endpoint.id, rate, by);
    const asked = isAsked ? await claimUpTo(sql, endpoint, 'asked', room, by) : [];
    const most = isOpen ? { ...room, all: Math.min(room.all, 1) } : room;
    // What was asked for and has no room now, or is under way, keeps nothing else back.
    const isOthersTurn = asked.length === 0 && admitted.isAdmitted;
    const others = isOthersTurn ? await claimUpTo(sql, endpoint, 'free', most, by) : [];
    const claimed = [...asked, ...others];
    if (claimed.length > 0)
      await saveState(sql, endpoint.id, admitted.circuit, afterAttempts(rate, nowMs, claimed.length));
    return claimed;
  });
}

/** Whether there is a message that somebody asked for, and that is not being sent. */
async function hasAsked(sql: Sql, id: string, nowMs: number): Promise<boolean> {
  const { rows } = await sql.query(
    `select from hooks.asked a join hooks.messages m on m.id = a.message_id
      where a.endpoint_id = $1 and m.status = 'pending' and m.next_at_ms <= $2
        and coalesce((select c.claimed_until_ms from hooks.claims c where c.message_id = m.id), 0) <= $2
      limit 1`,
    [id, nowMs],
    'asked-webhooks',
  );
  return rows.length > 0;
}

/** What may be claimed now: of what happens, of replays, of both together. */
interface RoomLeft extends Room {
  readonly all: number;
  /** The attempts of the endpoint's rate from which replays take, after what happens. */
  readonly rateOfReplays: number;
}

async function roomOf(sql: Sql, id: string, rate: Rate, by: ClaimOptions): Promise<RoomLeft> {
  const under = await claimedOf(sql, id, by);
  const left = attemptsLeft(rate, by.nowMs);
  const mostReplayed = under.isShared ? replayInFlightMax - under.replayed : Infinity;
  return {
    all: under.isShared ? endpointInFlightMax - under.all : Infinity,
    live: Math.min(by.room.live, left.live),
    replayed: Math.min(by.room.replayed, mostReplayed),
    rateOfReplays: left.replayed,
  };
}

async function claimUpTo(
  sql: Sql,
  endpoint: EndpointFacts,
  which: 'asked' | 'free',
  { all, live, replayed, rateOfReplays }: RoomLeft,
  by: ClaimOptions,
): Promise<readonly ClaimedMessage[]> {
  const claim = async (lane: Lane, most: number): Promise<readonly ClaimedMessage[]> =>
    most <= 0 ? [] : claimOf(sql, endpoint, lane, which, most, by);
  const first = await claim(liveLane, Math.min(all, live));
  const { length } = first;
  return [...first, ...(await claim(replayLane, Math.min(all - length, replayed, rateOfReplays - length)))];
}

async function claimOf(
  sql: Sql,
  { id, ordering }: EndpointFacts,
  lane: Lane,
  which: 'asked' | 'free',
  most: number,
  { nowMs, untilMs, claimant }: ClaimOptions,
): Promise<readonly ClaimedMessage[]> {
  const { rows } = await sql.query<ClaimedMessage>(
    `with free as (select f.id, row_number() over () as place from (${lane[which][ordering]}) f),
          taken as (
            insert into hooks.claims as c (message_id, endpoint_id, is_replayed, claimed_until_ms, claimed_by)
            select id, $1, ${lane.isReplayed}, $4, $5 from free
            on conflict (message_id)
            do update set claimed_until_ms = excluded.claimed_until_ms, claimed_by = excluded.claimed_by)
     select m.id, m.body, m.step, m.replay_id as "replayId", m.event_ms as "eventMs", m.sequence is null as "isTest"
       from hooks.messages m join free f on f.id = m.id
      where m.id = any (array(select id from free)) order by f.place`,
    [id, nowMs, most, untilMs, claimant],
    `claim-webhooks-${which}-${lane.isReplayed ? 'replayed' : 'live'}-${ordering}`,
  );
  return rows.map((row) => ({ ...row, eventMs: Number(row.eventMs) }));
}

/** What is claimed of it at this time. */
async function claimedOf(
  sql: Sql,
  id: string,
  { nowMs, claimant }: ClaimOptions,
): Promise<{ readonly all: number; readonly replayed: number; readonly isShared: boolean }> {
  const { rows } = await sql.query<{ claimed: string; replayed: string; others: string }>(
    `select count(*) as claimed, count(*) filter (where is_replayed) as replayed,
            count(*) filter (where claimed_by <> $3) as others
       from hooks.claims where endpoint_id = $1 and claimed_until_ms > $2`,
    [id, nowMs, claimant],
    'claimed-webhooks',
  );
  const [row] = rows;
  return {
    all: Number(row?.claimed ?? 0),
    replayed: Number(row?.replayed ?? 0),
    isShared: Number(row?.others ?? 0) > 0,
  };
}

/** Gives claimed messages of an endpoint back that were not sent, and what they took of its rate. */
export async function releaseMessages(
  db: Database,
  endpointId: string,
  ids: readonly string[],
  { claimant, perSecond }: Pick<ClaimOptions, 'claimant' | 'perSecond'>,
): Promise<void> {
  await db.transaction(async (sql) => {
    await sql.query(`select ${overMessages} from hooks.endpoints where id = $1 for update`, [endpointId]);
    const { rowCount } = await sql.query(
      `delete from hooks.claims where message_id = any (string_to_array($1, E'\\n')) and claimed_by = $2`,
      [ids.join('\n'), claimant],
    );
    await sql.query('update hooks.endpoints set rate_empty_at_ms = rate_empty_at_ms - $2 where id = $1', [
      endpointId,
      (rowCount * 1_000) / perSecond,
    ]);
  });
}
