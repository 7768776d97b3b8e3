import type { Database, Sql } from '@fintech-ledger/postgres';
import { insertMessages, lockEndpoint } from '../outbox/keep-messages';
import type { Addressee } from '../outbox/keep-messages';
import { messageId } from '../outbox/message-body';
import type { Taken, Told } from '../outbox/news';
import { isMessage, parkEvents, unparkEvents } from '../parked/park-events';
import type { Message } from '../parked/park-events';

/** One step of a replay: what is put into its lane of one stream. */
export interface ReplayStep extends Addressee, Taken {
  readonly replayId: string;
  readonly stream: string;
  /** The last revision that was taken before. */
  readonly taken: number;
}

/**
 * Puts messages into the lane of a replay, and notes how far its stream was taken, in one transaction that holds the
 * row of the endpoint. An event that the endpoint was told of keeps its message, with the body of then; any other gets
 * one, with the next number.
 * @returns false: another one took it, or it was canceled
 */
export function queueReplayed(
  db: Database,
  step: ReplayStep,
  told: readonly Told[],
  nowMs: number,
): Promise<boolean> {
  const { replayId, stream, taken, through, throughMs, endpoint } = step;
  return db
    .transaction(async (sql) => {
      const { last } = await lockEndpoint(sql, endpoint.id);
      const queued = await queuedSoFar(sql, step);
      if (queued === undefined) return false;
      const messages = told.filter(isMessage);
      const { fresh, freshNumbers, again, number, alreadyPending } = await inLane(
        sql,
        step,
        messages,
        queued,
      );
      await insertMessages(sql, step, fresh, {
        last,
        nowMs,
        status: () => 'pending',
        replay: { id: replayId, numbers: freshNumbers },
      });
      await queueAgain(sql, replayId, again, nowMs);
      const parked = await parkEvents(sql, step, told, nowMs);
      await unparkEvents(sql, step, messages);
      await sql.query(
        'update hooks.replay_streams set taken = $3, recorded_ms = $4 where replay_id = $1 and stream = $2',
        [replayId, stream, through, throughMs],
      );
      // Last, since what was sent of it is counted in the same row.
      const { rowCount } = await sql.query(
        `update hooks.replays set queued = $2, failed = failed + $3, already_pending = already_pending + $4
        where id = $1 and state = 'running'`,
        [replayId, number, parked, alreadyPending],
      );
      if (rowCount === 0) throw new Canceled();
      return taken < through;
    })
    .catch((error: unknown) => {
      if (error instanceof Canceled) return false;
      throw error;
    });
}

/** It was canceled meanwhile: nothing is kept of the step. */
class Canceled extends Error {}

interface InLane {
  /** Those that get a message now, and their places in the lane. */
  readonly fresh: readonly Message[];
  readonly freshNumbers: readonly number[];
  /** Those that have one. */
  readonly again: readonly { readonly id: string; readonly number: number }[];
  /** The last place that is taken. */
  readonly number: number;
  /** Those whose message is waiting anyway. */
  readonly alreadyPending: number;
}

/** Which place in the lane each gets. @param queued the last place that was taken before */
async function inLane(
  sql: Sql,
  step: ReplayStep,
  messages: readonly Message[],
  queued: number,
): Promise<InLane> {
  const known = await knownStatuses(
    sql,
    messages.map((one) => idOf(one, step)),
  );
  const fresh: Message[] = [];
  const freshNumbers: number[] = [];
  const again: { readonly id: string; readonly number: number }[] = [];
  let number = queued;
  let alreadyPending = 0;
  for (const message of messages) {
    const id = idOf(message, step);
    const status = known.get(id);
    if (status === 'pending') {
      alreadyPending += 1;
      continue;
    }
    number += 1;
    if (status === undefined) {
      fresh.push(message);
      freshNumbers.push(number);
    } else again.push({ id, number });
  }
  return { fresh, freshNumbers, again, number, alreadyPending };
}

const idOf = ({ rendered }: Message, { endpoint }: ReplayStep): string =>
  messageId(rendered.view.id, endpoint.id);

async function queuedSoFar(sql: Sql, { replayId, stream, taken }: ReplayStep): Promise<number | undefined> {
  const { rows } = await sql.query<{ queued: string }>(
    `select r.queued from hooks.replays r join hooks.replay_streams s on s.replay_id = r.id
      where r.id = $1 and r.state = 'running' and s.stream = $2 and s.taken = $3`,
    [replayId, stream, taken],
  );
  return rows[0] === undefined ? undefined : Number(rows[0].queued);
}

async function knownStatuses(sql: Sql, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql.query<{ id: string; status: string }>(
    `select id, status from hooks.messages where id = any (string_to_array($1, E'\\n'))`,
    [ids.join('\n')],
  );
  return new Map(rows.map(({ id, status }) => [id, status]));
}

async function queueAgain(
  sql: Sql,
  replayId: string,
  again: readonly { readonly id: string; readonly number: number }[],
  nowMs: number,
): Promise<void> {
  if (again.length === 0) return;
  await sql.query(
    `update hooks.messages m
        set status = 'pending', status_before = m.status, step = 0, next_at_ms = $3,
            replay_id = $1, replay_number = r.number
       from json_to_recordset($2::json) as r (id text, number bigint) where m.id = r.id`,
    [replayId, JSON.stringify(again), nowMs],
  );
}
