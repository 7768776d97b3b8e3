import type { Sql } from '@fintech-ledger/postgres';
import { randomUUID } from 'node:crypto';
import type {
  ClaimedSubject,
  ClaimEnd,
  Lookup,
  SubjectClaim,
  SubjectKeys,
  SubjectKind,
} from './subject-keys';
import { sawKey } from './lost-keys-met';
import { lostSubject } from './lost-subject';
import { idOfSameRequest, isOfSameRequest } from './subject-ids';
import { keyInForce } from './wrapped-key';
import type { KeyWrapping } from './wrapped-key';

type Claims = Pick<SubjectKeys, 'claim' | 'claimed' | 'claimOf' | 'keep' | 'note' | 'release' | 'settle'>;

interface Row {
  /** Null: destroyed, or erased by an event. */
  readonly wrapped: Buffer | null;
  readonly is_new: boolean;
  readonly organization_id: string;
}
/** No request takes nearly as long, with all its attempts to be answered. */
const deadAfter = "interval '1 hour'";

/**
 * Keys and lookups from the request that makes them to the event that names them. The token tells whose they are: who
 * sends a request again takes them over, and then the first one takes nothing away any more.
 */
export function claims(sql: Sql, wrapping: KeyWrapping, tagOf: SubjectKeys['tagOf']): Claims {
  const insertLookups = async (
    { organizationId, subject, token }: SubjectClaim,
    lookups: readonly Lookup[],
    isKept: boolean,
  ): Promise<void> => {
    for (const { label, value, sealed } of lookups)
      await sql.query(
        // Locked, so that it is not noted after the key was destroyed.
        `insert into privacy.lookups as l (organization_id, tag, sealed, subject_id, claim, claimed_at)
         select $1, $2, $3, k.id, $5, case when $5::text is not null then clock_timestamp() end
           from privacy.subject_keys k where k.id = $4 and k.wrapped is not null for share of k
         on conflict (organization_id, tag, sealed) do update
           set claim = excluded.claim, claimed_at = excluded.claimed_at where l.claim is not null`,
        [organizationId, tagOf(organizationId, label, value), sealed, subject.id, isKept ? null : token],
        'note-personal-value',
      );
  };
  return {
    claim: (organizationId, id, of) => claimFirst(sql, wrapping, organizationId, id, newToken(of)),
    claimOf: (organizationId, subject, of) => ({
      organizationId,
      subject,
      isNew: false,
      token: newToken(of),
    }),
    note: (claimed, lookups) => insertLookups(claimed, lookups, false),
    async keep(claimed, lookups) {
      await sql.query(
        `update privacy.subject_keys set claim = null, claimed_at = null where id = $1 and claim is not null`,
        [claimed.subject.id],
        'keep-subject-key',
      );
      await insertLookups(claimed, lookups, true);
    },
    async release({ isNew, subject: { id }, token }) {
      await sql.query(
        'delete from privacy.lookups where subject_id = $1 and claim = $2',
        [id, token],
        'release-lookups',
      );
      if (!isNew) return;
      await sql.query(
        'delete from privacy.subject_keys where id = $1 and claim = $2',
        [id, token],
        'release-key',
      );
    },
    claimed: (of, limit) => selectClaimed(sql, of, limit),
    settle: (subject, end) => settle(sql, subject, end),
  };
}

/** It says what kind of subject it is of, too. */
const newToken = (of: SubjectKind): string => `${of}:${randomUUID()}`;

/** Of requests with one idempotency key, that come at once, all get the key that the first one makes. */
async function claimFirst(
  sql: Sql,
  wrapping: KeyWrapping,
  organizationId: string,
  id: string,
  token: string,
): Promise<SubjectClaim> {
  for (let next = id; ; next = (await idOfSameRequest(sql, id)) ?? id) {
    try {
      return await claim(sql, wrapping, organizationId, next, token);
    } catch (error) {
      if (!isOfSameRequest(error)) throw error;
    }
  }
}

async function claim(
  sql: Sql,
  wrapping: KeyWrapping,
  organizationId: string,
  id: string,
  token: string,
): Promise<SubjectClaim> {
  // A key that an event names stays as it is.
  const { rows } = await sql.query<Row>(
    `with made as (
       insert into privacy.subject_keys as k (id, organization_id, wrapped, claim, claimed_at)
       values ($1, $2, $3, $4, clock_timestamp())
       on conflict (id) do update set claim = excluded.claim, claimed_at = excluded.claimed_at
        where k.claim is not null and k.organization_id = excluded.organization_id
       returning k.id, k.organization_id, k.wrapped, k.xmax = 0 as is_new)
     select ${keyInForce} as wrapped, k.is_new, k.organization_id from made k`,
    [id, organizationId, wrapping.newKey(id).wrapped, token],
    'claim-subject-key',
  );
  const row = rows[0] ?? (await selectNamed(sql, id));
  // Its id says whose it is: that another organization has it was written by nobody but an editor of the row.
  const isTheirs = row?.organization_id === organizationId;
  const subject = isTheirs ? wrapping.open(id, row.wrapped) : lostSubject(id);
  sawKey(id, subject.key === undefined);
  return { organizationId, subject, isNew: row?.is_new ?? false, token };
}

async function selectNamed(sql: Sql, id: string): Promise<Row | undefined> {
  const { rows } = await sql.query<Row>(
    `select ${keyInForce} as wrapped, false as is_new, k.organization_id from privacy.subject_keys k
      where k.id = $1`,
    [id],
    'select-named-key',
  );
  return rows[0];
}

async function selectClaimed(sql: Sql, of: SubjectKind, limit: number): Promise<readonly ClaimedSubject[]> {
  const { rows } = await sql.query<ClaimedSubject>(
    // In any order, so that those which can't be settled don't come first each time.
    `select s.id, s.organization_id as "organizationId" from (
     select k.id, k.organization_id from privacy.subject_keys k
      where starts_with(k.claim, $2) and k.claimed_at < clock_timestamp() - ${deadAfter}
      union
     select l.subject_id, l.organization_id from privacy.lookups l
      where starts_with(l.claim, $2) and l.claimed_at < clock_timestamp() - ${deadAfter}
     ) s order by random() limit $1`,
    [limit, `${of}:`],
    'select-claimed-subjects',
  );
  return rows;
}

/** Only what is claimed still, and as long: a request that came meanwhile has it now. */
async function settle(sql: Sql, { id }: ClaimedSubject, end: ClaimEnd): Promise<void> {
  const dead = `claim is not null and claimed_at < clock_timestamp() - ${deadAfter}`;
  if (end !== 'all')
    await sql.query(
      `delete from privacy.lookups where subject_id = $1 and ${dead} and sealed <> all (string_to_array($2, ','))`,
      [id, (end ?? []).join(',')],
      'settle-gone-lookups',
    );
  if (end === undefined) {
    await sql.query(`delete from privacy.subject_keys where id = $1 and ${dead}`, [id], 'settle-gone-key');
    return;
  }
  for (const table of ['lookups', 'subject_keys'] as const)
    await sql.query(
      `update privacy.${table} set claim = null, claimed_at = null
        where ${table === 'lookups' ? 'subject_id' : 'id'} = $1 and ${dead}`,
      [id],
      `settle-${table}`,
    );
}
