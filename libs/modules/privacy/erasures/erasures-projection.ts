import { journalPrefix, organizationPrefix } from '@fintech-ledger/envelope';
import { defineProjection } from '@fintech-ledger/projection-runtime';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import { destroySubjectKeys } from '../subjects/postgres-subject-keys';

export const erasuresName = 'erasures';

/** What every event has that erases a data subject, whichever module it is of. */
interface Erasing {
  readonly erasedSubject?: string;
}

/** That an event erased a data subject. */
export interface Erasure {
  readonly stream: string;
  readonly revision: number;
  readonly subjectId: string;
  readonly organizationId: string;
  readonly recordedMs: number;
}

/** Pure. */
export function projectErasures(events: readonly DecodedEvent[]): readonly Erasure[] {
  return events.flatMap(({ prefix, owner, revision, organizationId, recordedMs, event: { data } }) => {
    const { erasedSubject: subjectId } = data as Erasing;
    const stream = `${prefix}${owner}`;
    return subjectId === undefined ? [] : [{ stream, revision, subjectId, organizationId, recordedMs }];
  });
}

/**
 * Who was erased. Writing it destroys the key again: the process that recorded the erasure may have died before it did,
 * or the keys may have been restored from an older backup.
 */
export const erasuresProjection = defineProjection({
  name: erasuresName,
  version: 1,
  streamPrefixes: [journalPrefix, organizationPrefix],
  mayBeRebuilt: true,
  project: projectErasures,
  async save(sql, erasures) {
    if (erasures.length === 0) return;
    await sql.query(
      `insert into read.erasures (stream, revision, subject_id, organization_id, recorded_ms)
       select stream, revision, "subjectId", "organizationId", "recordedMs"
         from jsonb_to_recordset($1::jsonb)
           as r (stream text, revision bigint, "subjectId" text, "organizationId" text, "recordedMs" bigint)`,
      [JSON.stringify(erasures)],
    );
    await destroySubjectKeys(
      sql,
      erasures.map(({ subjectId }) => subjectId),
    );
  },
  tables: ['erasures'],
  async resetStream(sql, stream) {
    await sql.query('delete from read.erasures where stream = $1', [stream]);
  },
});
