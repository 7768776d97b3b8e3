import { organizationPrefix, streamOwner } from '@fintech-ledger/envelope';
import { dataSubjectEvents } from '@fintech-ledger/privacy/domain';
import type { DataSubjectEvent, DataSubjectFacts } from '@fintech-ledger/privacy/domain';
import { defineProjection } from '@fintech-ledger/projection-runtime';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';

export const dataSubjectsName = 'data_subjects';

/** A data subject as the last event of a batch left it. */
export interface DataSubjectRow {
  readonly id: string;
  readonly organizationId: string;
  /** Of the first event of it in the batch. */
  readonly firstRevision: number;
  readonly facts: DataSubjectFacts;
}

const names = new Set<string>(dataSubjectEvents.names);

/** Pure: what a batch says of data subjects, each once. */
export function projectDataSubjects(events: readonly DecodedEvent[]): readonly DataSubjectRow[] {
  const rows = new Map<string, DataSubjectRow>();
  for (const { owner: organizationId, revision, event } of events) {
    if (!names.has(event.type)) continue;
    const { subject: facts } = (event as DataSubjectEvent).data;
    const firstRevision = rows.get(facts.id)?.firstRevision ?? revision;
    rows.set(facts.id, { id: facts.id, organizationId, firstRevision, facts });
  }
  return [...rows.values()];
}

/** The data subjects of organizations; their references are sealed in it. */
export const dataSubjectsProjection = defineProjection({
  name: dataSubjectsName,
  version: 1,
  streamPrefixes: [organizationPrefix],
  mayBeRebuilt: true,
  project: projectDataSubjects,
  async save(sql, rows) {
    if (rows.length === 0) return;
    await sql.query(
      `insert into read.data_subjects (id, organization_id, created_revision, is_erased, reference, facts)
       select id, "organizationId", "firstRevision", facts->>'erasedAt' is not null, facts->>'reference', facts
         from jsonb_to_recordset($1::jsonb)
           as r (id text, "organizationId" text, "firstRevision" bigint, facts jsonb)
       on conflict (id) do update
         set is_erased = excluded.is_erased, reference = excluded.reference, facts = excluded.facts`,
      [JSON.stringify(rows)],
    );
  },
  tables: ['data_subjects'],
  async resetStream(sql, stream) {
    await sql.query('delete from read.data_subjects where organization_id = $1', [streamOwner(stream)]);
  },
});
