import { journalPrefix, organizationPrefix } from '@fintech-ledger/envelope';
import type { EventStore } from '@fintech-ledger/event-store';
import { deriveKey } from '@fintech-ledger/journal';
import type { Sql } from '@fintech-ledger/postgres';
import { acknowledgedWaitMs, ReadModelBehind } from '@fintech-ledger/projection-runtime';
import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ErasuresReached } from '../erasures/erasures-reached';
import { claims } from './claims';
import { sawKey } from './lost-keys-met';
import { SubjectIds } from './subject-ids';
import type { SubjectKeys } from './subject-keys';
import { keyInForce, KeyWrapping } from './wrapped-key';

interface Row {
  readonly id: string;
  /** Null: destroyed, or erased by an event. */
  readonly wrapped: Buffer | null;
  /**
   * The streams in which personal values are, each with how far its erasures are read. Null: it was erased, and its
   * row of keys is lost.
   */
  readonly reached: readonly [string, number][] | null;
}
const lookAgainMs = 50;
/** Those of the organization itself, and of the ledgers that modules manage. */
const reached = `(
  select coalesce(json_agg(json_build_array(s.stream, coalesce(e.revision, -1))), '[]')
    from (select '${organizationPrefix}' || $2 as stream
           union all
          select '${journalPrefix}' || l.id from read.ledgers l
           where l.organization_id = $2 and l.managed is not null) s
    left join read.checkpoints e on e.stream = s.stream and e.projection = 'erasures')`;

/**
 * @param sql with the live tables of read models
 * @param store where erasures are, whatever the database knows of them
 */
export function postgresSubjectKeys(
  sql: Sql,
  pepper: string,
  store: Pick<EventStore, 'readStream'>,
): SubjectKeys {
  const sight = new ErasuresReached(store);
  const wrapping = new KeyWrapping(pepper);
  const ids = new SubjectIds(sql, pepper);
  const lookupKey = deriveKey(pepper, 'personal-lookup/1', 32);
  const tagOf = (organizationId: string, label: string, value: string): string =>
    createHmac('sha256', lookupKey).update(`${organizationId}\n${label}\n${value}`).digest('hex');
  return {
    newId: (organizationId, idempotencyKey) => ids.ofRequest(organizationId, idempotencyKey),
    idOf: (organizationId, name) => ids.named(organizationId, name),
    ...claims(sql, wrapping, tagOf),
    trial: (id) => ({ id, key: randomBytes(32) }),
    async select(organizationId, ids) {
      const asked = [...ids];
      const rows = asked.length === 0 ? [] : await selectReached(sql, sight, organizationId, asked);
      return new Map(
        rows.map(({ id, wrapped }) => {
          const subject = wrapping.open(id, wrapped);
          sawKey(id, subject.key === undefined);
          return [id, subject];
        }),
      );
    },
    tagOf,
    destroy: async (ids) => void (await destroySubjectKeys(sql, ids)),
    async destroyErased() {
      const { rows } = await sql.query<{ id: string }>(
        `select k.id from privacy.subject_keys k
          where k.wrapped is not null and exists (select from read.erasures e where e.subject_id = k.id)`,
      );
      return destroySubjectKeys(
        sql,
        rows.map(({ id }) => id),
      );
    },
  };
}

/** Waits a moment for erasures that are being read. @throws ReadModelBehind */
async function selectReached(
  sql: Sql,
  sight: ErasuresReached,
  organizationId: string,
  ids: readonly string[],
): Promise<readonly Row[]> {
  for (let endAt = performance.now() + acknowledgedWaitMs; ;) {
    const { rows } = await sql.query<Row>(
      `select k.id, ${keyInForce} as wrapped, ${reached} as reached from privacy.subject_keys k
        where k.id = any (string_to_array($1, ',')) and k.organization_id = $2
       union all
       select e.id, null::bytea, null::json
         from (select distinct subject_id as id from read.erasures
                where subject_id = any (string_to_array($1, ',')) and organization_id = $2) e
        where not exists (select from privacy.subject_keys k where k.id = e.id)`,
      [ids.join(','), organizationId],
      'select-subject-keys',
    );
    const places = (rows.find((row) => row.reached !== null)?.reached ?? []).map(([stream, revision]) => ({
      stream,
      revision,
    }));
    const missing = await sight.missing(places);
    if (missing === undefined) return rows;
    if (performance.now() >= endAt)
      throw new ReadModelBehind(
        1,
        `Personal values are withheld: the erasures of ${missing} have not been read up to its end yet.`,
      );
    await delay(lookAgainMs);
  }
}

/**
 * Destroys keys, and what values were found by: in this order, so that what was noted while a key was there is seen.
 * @returns how many keys there were
 */
export async function destroySubjectKeys(sql: Sql, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const { rowCount } = await sql.query(
    `update privacy.subject_keys set wrapped = null
      where id = any (string_to_array($1, ',')) and wrapped is not null`,
    [ids.join(',')],
    'destroy-subject-keys',
  );
  await sql.query(
    `delete from privacy.lookups where subject_id = any (string_to_array($1, ','))`,
    [ids.join(',')],
    'forget-personal-values',
  );
  return rowCount;
}
