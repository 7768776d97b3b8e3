import type { Outcome } from '@fintech-ledger/outbound';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { circuitAfter, isFailingForTooLong } from './circuit';
import { lockCircuit, saveCircuit } from './claim-messages';
import type { ClaimedMessage, DueEndpoint } from './claim-messages';
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

/** Keeps an attempt, and what becomes of its message and its endpoint, in one transaction. */
export async function recordAttempt(db: Database, ended: EndedSending): Promise<AfterAttempt> {
  const { due, message, outcome, endedMs, random } = ended;
  const after = afterAttempt({ attempt: message.step + 1, outcome, endedAt: endedMs, random });
  await db.transaction(async (sql) => {
    await recordOfEndpoint(sql, due, after, endedMs);
    await sql.query(
      `with ended as (
         update hooks.messages
            set attempts = attempts + 1, step = step + 1, claimed_until_ms = null,
                next_at_ms = coalesce($2, next_at_ms),
                status = case when $3 = 'succeeded' or status = 'pending' then $3 else status end
          where id = $1
         returning id, attempts)
       insert into hooks.attempts (message_id, number, at_ms, ms, status, error, response)
       select id, attempts, $4, $5, $6, $7, $8 from ended`,
      [
        message.id,
        after.kind === 'retried' ? after.at : null,
        after.kind === 'retried' ? 'pending' : after.kind,
        ended.startedMs,
        Math.round(outcome.ms),
        'status' in outcome ? (outcome.status ?? null) : null,
        errorOf(outcome),
        outcome.kind === 'answered' ? outcome.response : null,
      ],
    );
  });
  return after;
}

/** First, so that rows are locked in one order. */
async function recordOfEndpoint(
  sql: Sql,
  { endpoint: { id }, enabledMs }: DueEndpoint,
  after: AfterAttempt,
  endedMs: number,
): Promise<void> {
  if (after.kind === 'succeeded') {
    await sql.query(
      `update hooks.endpoints set failures = 0, failing_since_ms = null, probe_at_ms = null
        where id = $1 and failures > 0`,
      [id],
    );
    return;
  }
  const circuit = circuitAfter(await lockCircuit(sql, id, enabledMs), false, endedMs);
  await saveCircuit(sql, id, circuit);
  const because = after.disablesEndpoint
    ? 'gone'
    : isFailingForTooLong(circuit, endedMs)
      ? 'failing'
      : undefined;
  if (because === undefined) return;
  await sql.query(
    `update hooks.endpoints set disable_because = $2, disable_since_ms = $3 where id = $1 and disable_because is null`,
    [id, because, endedMs],
  );
}

function errorOf(outcome: Outcome): string | null {
  if (outcome.kind === 'answered') return null;
  return outcome.kind === 'failed'
    ? `${outcome.reason}: ${outcome.detail}`
    : `${outcome.refusal.code}: ${outcome.refusal.detail}`;
}
