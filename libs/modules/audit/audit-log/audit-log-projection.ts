import { auditPrefix } from '@fintech-ledger/audit/domain';
import { journalPrefix, organizationPrefix } from '@fintech-ledger/envelope';
import { streamKey } from '@fintech-ledger/events';
import type { PublicEventRegistry } from '@fintech-ledger/events';
import type { Sql } from '@fintech-ledger/postgres';
import { column, copyRows, defineProjection } from '@fintech-ledger/projection-runtime';
import type { DecodedEvent, Projection } from '@fintech-ledger/projection-runtime';
import { Descriptions } from './describe';
import { projectAuditLog } from './project';
import type { AuditLogChanges } from './project';

export const auditLogName = 'audit_log';

/** Where it is said what anybody did in an organization, or was refused. What it is is read from the event itself. */
export function auditLogProjection(registry: PublicEventRegistry): Projection<DecodedEvent> {
  const descriptions = new Descriptions(registry);
  return defineProjection({
    name: auditLogName,
    version: 1,
    streamPrefixes: [journalPrefix, organizationPrefix, auditPrefix],
    mayBeRebuilt: true,
    project: (events) => projectAuditLog(descriptions, events),
    save,
    tables: ['audit_log', 'audit_log_names', 'audit_log_streams'],
    contents: {
      audit_log:
        'select organization, recorded_ms, stream_key, item, actor, action, origin, revision ' +
        'from audit_log, generate_series(first, last) as revision',
    },
    async resetStream(sql, stream) {
      for (const table of ['audit_log', 'audit_log_names'])
        await sql.query(
          `delete from read.${table} a using read.audit_log_streams s
            where s.stream_key = $1 and a.organization = s.organization and a.stream_key = s.stream_key`,
          [streamKey(stream)],
        );
      await sql.query('delete from read.audit_log_streams where stream_key = $1', [streamKey(stream)]);
    },
  });
}

async function save(sql: Sql, { runs, names, streams }: AuditLogChanges): Promise<void> {
  if (runs.length === 0) return;
  const copied = copyRows(
    sql,
    'read.audit_log (organization, recorded_ms, stream_key, first, last, item, actor, action, origin)',
    runs,
    (run) =>
      `${run.organization}\t${run.recordedMs}\t${run.streamKey}\t${run.first}\t${run.last}\t${run.item}\t` +
      `${run.actor}\t${run.action}\t${run.origin ?? '\\N'}`,
  );
  const alsoCopied = copyRows(
    sql,
    'read.audit_log_names (organization, name, recorded_ms, stream_key, revision, item, is_target)',
    names,
    (one) =>
      `${one.organization}\t${one.name}\t${one.recordedMs}\t${one.streamKey}\t${one.revision}\t${one.item}\t` +
      `${one.isTarget}`,
  );
  const known = sql.query(
    `insert into read.audit_log_streams (stream_key, stream, organization)
     select k::bigint, s, o::bigint
       from unnest(string_to_array($1, E'\\n'), string_to_array($2, E'\\n'), string_to_array($3, E'\\n')) as r (k, s, o)
     on conflict do nothing`,
    [
      column(streams, (one) => one.streamKey),
      column(streams, ({ stream }) => stream),
      column(streams, ({ organization }) => organization),
    ],
    'insert-audit-log-streams',
  );
  await Promise.all([copied, alsoCopied, known]);
}
