import type { Sql } from '@fintech-ledger/postgres';
import { claimMs } from '../limits';
import type { KeptAnswers, KeyedRequest, KeyState } from './kept-answers';

/** Takes a key that nobody has, or whose claim has ended; no row where another one has it. */
const claimSql = `
insert into meta.kept_answers as kept (scope, key, request_hash, claim)
values ($1, $2, decode($3, 'hex'), $4)
on conflict (scope, key) do update
  set request_hash = excluded.request_hash, claim = excluded.claim, claimed_at = clock_timestamp()
  where kept.status is null and kept.claimed_at < clock_timestamp() - $5 * interval '1 millisecond'
returning key`;
const askSql = `
select encode(request_hash, 'hex') as hash, status, answer from meta.kept_answers
 where scope = $1 and key = $2`;
const renewSql = `
update meta.kept_answers set claimed_at = clock_timestamp()
 where scope = $1 and key = $2 and claim = $3 and status is null`;
const keepSql = `
update meta.kept_answers set status = $4, answer = $5
 where scope = $1 and key = $2 and claim = $3 and status is null`;
const giveUpSql = `
delete from meta.kept_answers
 where scope = $1 and key = $2 and claim = $3 and status is null`;

interface Row {
  readonly hash: string;
  readonly status: number | null;
  readonly answer: string | null;
}

export function postgresKeptAnswers(sql: Sql): KeptAnswers {
  const claimOf = ({ scope, key }: KeyedRequest, claim: string) => [scope, key, claim];
  return {
    async claim({ scope, key, requestHash }, claim): Promise<KeyState> {
      // Most often it was answered, or is free: what is asked first takes no lock and writes nothing.
      const { rows } = await sql.query<Row>(askSql, [scope, key], 'ask-kept-answer');
      const [row] = rows;
      if (row !== undefined && row.status !== null) {
        const { hash, status, answer } = row;
        return { kind: 'answered', requestHash: hash, answer: { status, body: answer ?? '' } };
      }
      const given = [scope, key, requestHash, claim, claimMs];
      const claimed = await sql.query(claimSql, given, 'claim-key');
      return { kind: claimed.rows.length > 0 ? 'claimed' : 'under_way' };
    },
    async renew(request, claim) {
      await sql.query(renewSql, claimOf(request, claim), 'renew-claim');
    },
    async keep(request, claim, { status, body }) {
      await sql.query(keepSql, [...claimOf(request, claim), status, body], 'keep-answer');
    },
    async giveUp(request, claim) {
      await sql.query(giveUpSql, claimOf(request, claim), 'give-up-claim');
    },
  };
}
