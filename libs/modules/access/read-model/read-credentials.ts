import type { OlderKeySecret } from '@fintech-ledger/access/domain';
import { isoTimeOrNull } from '@fintech-ledger/contract';
import type { Environment } from '@fintech-ledger/http';
import type { Sql } from '@fintech-ledger/postgres';
import type { RecordedApiKey } from './queries';

/** The organization that was made first operates the installation. */
const selectCredentials = `
  select k.organization_id, k.hmac, k.scopes, k.revoked_ms, k.expires_ms, k.allowed_ips, k.secret_generation,
         k.older_secrets,
         case when o.parent_id is not null then 'sandbox'
              when o.id = (select id from read.organizations where parent_id is null order by created_ms, id limit 1)
                then 'operator'
              else 'live' end as environment
    from read.api_keys k left join read.organizations o on o.id = k.organization_id
   where k.id = $1`;

interface Row {
  readonly organization_id: string;
  readonly hmac: string;
  readonly scopes: readonly string[];
  readonly revoked_ms: string | null;
  readonly expires_ms: string | null;
  readonly allowed_ips: readonly string[] | null;
  readonly secret_generation: number;
  readonly older_secrets: readonly OlderKeySecret[];
  readonly environment: Environment;
}

/** What the read models have of a key that may be in no memory. */
export async function readCredentials(sql: Sql, keyId: string): Promise<RecordedApiKey | null> {
  const { rows } = await sql.query<Row>(selectCredentials, [keyId], 'read-api-key-credentials');
  return rows[0] === undefined ? null : recordedKey(keyId, rows[0]);
}

function recordedKey(keyId: string, row: Row): RecordedApiKey {
  const { expires_ms: endMs, allowed_ips: allowedIps, secret_generation: generation } = row;
  const older = row.older_secrets.map(({ until, ...one }) => ({ ...one, untilMs: Date.parse(until) }));
  return {
    keyId,
    organizationId: row.organization_id,
    environment: row.environment,
    hmac: row.hmac,
    scopes: row.scopes,
    ...(endMs !== null && { expiresMs: Number(endMs) }),
    ...(allowedIps !== null && { allowedIps }),
    ...(generation > 1 && { generation, older }),
    revokedAt: isoTimeOrNull(row.revoked_ms),
  };
}
