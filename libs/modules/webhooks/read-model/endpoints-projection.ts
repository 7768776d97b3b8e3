import { organizationPrefix, streamOwner } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import { defineProjection } from '@fintech-ledger/projection-runtime';
import { tellOfEndpoints } from '../outbox/channels';
import { projectWebhookEndpoints } from './project';
import type { EndpointRow } from './project';

export const webhookEndpointsName = 'webhook_endpoints';

/** The webhook endpoints of organizations. What was sent to them is not here. */
export const webhookEndpointsProjection = defineProjection({
  name: webhookEndpointsName,
  version: 1,
  streamPrefixes: [organizationPrefix],
  mayBeRebuilt: true,
  project: projectWebhookEndpoints,
  save: saveEndpoints,
  tables: ['webhook_endpoints'],
  async resetStream(sql, stream) {
    await sql.query('delete from read.webhook_endpoints where organization_id = $1', [streamOwner(stream)]);
  },
});

async function saveEndpoints(sql: Sql, rows: readonly EndpointRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(
    `insert into read.webhook_endpoints as e
            (id, organization_id, created_revision, revision, endpoint, created_ms, enabled_ms, skip_before_ms,
             deleted_ms)
     select id, "organizationId", "firstRevision", revision, endpoint, "createdMs", coalesce("enabledMs", 0),
            coalesce("skipBeforeMs", 0), "deletedMs"
       from jsonb_to_recordset($1::jsonb)
         as r (id text, "organizationId" text, "firstRevision" bigint, revision bigint, endpoint jsonb,
               "createdMs" bigint,
               "enabledMs" bigint, "skipBeforeMs" bigint, "deletedMs" bigint)
     on conflict (id) do update
       set revision = excluded.revision, endpoint = excluded.endpoint, deleted_ms = excluded.deleted_ms,
           enabled_ms = greatest(e.enabled_ms, excluded.enabled_ms),
           skip_before_ms = greatest(e.skip_before_ms, excluded.skip_before_ms)`,
    [JSON.stringify(rows)],
  );
  await tellOfEndpoints(sql);
}
