import { messageOf } from '@fintech-ledger/contract';
import type { Sql } from '@fintech-ledger/postgres';
import type { HeadTarget, PublishedHead } from './head-target';
import { firstRetryMs, retryMsMax } from './limits';

/** What a target lacks was sent, or why not. */
export interface Delivered {
  readonly heads: number;
  readonly failure: string | undefined;
}

/** How a target stands. */
export interface TargetState {
  readonly target: string;
  readonly failures: number;
  readonly failure: string | null;
  /** Since it last had all heads. */
  readonly age_seconds: number;
}

/**
 * Gives a target heads that it does not have, the oldest first. Where it is is kept after it has them, so a kill in
 * between sends some again and loses none.
 * @returns undefined: it has all, is to be tried later, or another process is at it
 */
export async function deliverHeads(sql: Sql, target: HeadTarget): Promise<Delivered | undefined> {
  const after = await claim(sql, target);
  if (after === undefined) return undefined;
  const { rows: heads } = await sql.query<PublishedHead>(
    'select sequence, line from audit.published_heads where sequence > $1 order by sequence limit $2',
    [after, target.atOnce],
  );
  const last = heads.at(-1);
  if (last === undefined) {
    await release(sql, target.name, after, true);
    return undefined;
  }
  const failure = await target.publish(heads).catch(messageOf);
  if (failure === undefined) await release(sql, target.name, last.sequence, heads.length < target.atOnce);
  else await noteFailure(sql, target.name, failure);
  return { heads: heads.length, failure };
}

/** @returns the last head that the target has */
async function claim(sql: Sql, { name, claimMs }: HeadTarget): Promise<string | undefined> {
  await sql.query('insert into audit.head_targets (target) values ($1) on conflict do nothing', [name]);
  const { rows } = await sql.query<{ sequence: string }>(
    `update audit.head_targets set claimed_until = clock_timestamp() + make_interval(secs => $2)
      where target = $1 and claimed_until < clock_timestamp() and next_at <= clock_timestamp()
      returning sequence`,
    [name, claimMs / 1_000],
  );
  return rows[0]?.sequence;
}

async function release(sql: Sql, target: string, sequence: string, isComplete: boolean): Promise<void> {
  await sql.query(
    `update audit.head_targets
        set sequence = greatest(sequence, $2), failures = 0, failure = null, next_at = clock_timestamp(),
            claimed_until = '-infinity',
            complete_at = case when $3 then clock_timestamp() else complete_at end
      where target = $1`,
    [target, sequence, isComplete],
  );
}

async function noteFailure(sql: Sql, target: string, failure: string): Promise<void> {
  await sql.query(
    `update audit.head_targets
        set failures = failures + 1, failure = $2, claimed_until = '-infinity',
            next_at = clock_timestamp() + make_interval(secs => least($3 * 2 ^ least(failures, 20), $4))
      where target = $1`,
    [target, failure, firstRetryMs / 1_000, retryMsMax / 1_000],
  );
}

export async function selectTargets(sql: Sql, targets: readonly string[]): Promise<readonly TargetState[]> {
  const { rows } = await sql.query<TargetState>(
    `select target, failures, failure, extract(epoch from clock_timestamp() - complete_at)::float8 as age_seconds
       from audit.head_targets where target = any (string_to_array($1, E'\\n'))`,
    [targets.join('\n')],
  );
  return rows;
}
