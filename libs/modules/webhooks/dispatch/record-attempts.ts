import { groupedBy } from '@fintech-ledger/contract';
import type { Outcome } from '@fintech-ledger/outbound';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { circuitAfter, isFailingForTooLong } from './circuit';
import type { ClaimedMessage } from './claim-messages';
import { lockState, overMessages, saveCircuit } from './endpoint-state';
import type { DueEndpoint } from './find-due';
import { afterAttempt } from './next-attempt';
import type { AfterAttempt } from './next-attempt';

export interface EndedSending {
  readonly due: DueEndpoint;
  readonly message: ClaimedMessage;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly outcome: Outcome;
  /** From 0 up to 1. */
  readonly random: number;
}
interface Recorded extends EndedSending {
  readonly after: AfterAttempt;
}

/**
 * Keeps attempts, and what becomes of messages and endpoints, in one transaction.
 * @param claimant whose claims end
 * @returns what becomes of them, in their order
 */
export async function recordAttempts(
  db: Database,
  ended: readonly EndedSending[],
  claimant: string,
): Promise<readonly AfterAttempt[]> {
  const recorded = ended.map((one): Recorded => {
    const { message, outcome, endedMs: endedAt, random } = one;
    return { ...one, after: afterAttempt({ attempt: message.step + 1, outcome, endedAt, random }) };
  });
  await db.transaction(async (sql) => {
    await sql.query(`select ${overMessages}`, [], 'over-webhooks');
    // First, and in one order, so that no two wait for each other.
    const byEndpoint = groupedBy(recorded, ({ due }) => due.endpoint.id);
    for (const id of [...byEndpoint.keys()].sort()) await recordOfEndpoint(sql, byEndpoint.get(id) ?? []);
    await recordMessages(sql, recorded, claimant);
    await recordOfReplays(sql, recorded);
  });
  return recorded.map(({ after }) => after);
}

/** @param recorded of one endpoint, in the order in which they ended */
async function recordOfEndpoint(sql: Sql, recorded: readonly Recorded[]): Promise<void> {
  const [first] = recorded;
  if (first === undefined) return;
  const { id } = first.due.endpoint;
  if (recorded.every(({ after }) => after.kind === 'succeeded')) {
    await sql.query(
      `update hooks.endpoints set failures = 0, failing_since_ms = null, probe_at_ms = null
        where id = $1 and failures > 0`,
      [id],
      'close-webhook-circuit',
    );
    return;
  }
  let { circuit } = await lockState(sql, id, first.due.enabledMs);
  for (const { after, endedMs } of recorded) {
    const isSuccess = after.kind === 'succeeded';
    circuit = circuitAfter(circuit, isSuccess, endedMs);
    if (isSuccess) continue;
    const because = after.disablesEndpoint
      ? 'gone'
      : isFailingForTooLong(circuit, endedMs)
        ? 'failing'
        : null;
    if (because !== null)
      await sql.query(
        `update hooks.endpoints set disable_because = $2, disable_since_ms = $3
          where id = $1 and disable_because is null`,
        [id, because, endedMs],
      );
  }
  await saveCircuit(sql, id, circuit);
}

async function recordMessages(sql: Sql, recorded: readonly Recorded[], claimant: string): Promise<void> {
  const rows = recorded.map(({ message, after, startedMs, outcome }) => ({
    id: message.id,
    next_at_ms: after.kind === 'retried' ? after.at : null,
    outcome: after.kind === 'retried' ? 'pending' : after.kind,
    at_ms: startedMs,
    ms: Math.round(outcome.ms),
    http: 'status' in outcome ? (outcome.status ?? null) : null,
    error: errorOf(outcome)?.replaceAll('\0', '') ?? null,
    response: outcome.kind === 'answered' ? (outcome.response?.toString('hex') ?? null) : null,
  }));
  await sql.query(
    `with given as (
       select * from json_to_recordset($1::json)
         as r (id text, next_at_ms bigint, outcome text, at_ms bigint, ms int, http int, error text, response text)),
     freed as (delete from hooks.claims where message_id = any (array(select id from given)) and claimed_by = $2),
     ended as (
       update hooks.messages m
          set attempts = attempts + 1, step = step + 1,
              next_at_ms = coalesce(g.next_at_ms, m.next_at_ms),
              status = case when g.outcome = 'succeeded' or m.status = 'pending' then g.outcome else m.status end,
              replay_id = case when g.outcome = 'pending' then m.replay_id end,
              replay_number = case when g.outcome = 'pending' then m.replay_number end,
              status_before = case when g.outcome = 'pending' then m.status_before end
         from given g where m.id = g.id and m.id = any (array(select id from given))
       returning m.id, m.attempts),
     answered as (delete from hooks.asked a using ended e where a.message_id = e.id)
     insert into hooks.attempts (message_id, number, at_ms, ms, status, error, response)
     select e.id, e.attempts, g.at_ms, g.ms, g.http, g.error, decode(g.response, 'hex')
       from ended e join given g on g.id = e.id`,
    [JSON.stringify(rows), claimant],
    'record-webhook-attempts',
  );
}

async function recordOfReplays(sql: Sql, recorded: readonly Recorded[]): Promise<void> {
  const ended = recorded.filter(
    ({ message, after }) => message.replayId !== null && after.kind !== 'retried',
  );
  const byReplay = groupedBy(ended, ({ message }) => message.replayId ?? '');
  for (const id of [...byReplay.keys()].sort()) {
    const of = byReplay.get(id) ?? [];
    const sent = of.filter(({ after }) => after.kind === 'succeeded').length;
    await sql.query(`update hooks.replays set sent = sent + $2, failed = failed + $3 where id = $1`, [
      id,
      sent,
      of.length - sent,
    ]);
  }
}

function errorOf(outcome: Outcome): string | null {
  if (outcome.kind === 'answered') return null;
  return outcome.kind === 'failed'
    ? `${outcome.reason}: ${outcome.detail}`
    : `${outcome.refusal.code}: ${outcome.refusal.detail}`;
}
