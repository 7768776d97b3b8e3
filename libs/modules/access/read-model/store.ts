import type { Sql } from '@fintech-ledger/postgres';
import type { DirectoryChanges } from './project';

/** Few rows, written seldom: each kind travels as one JSON parameter. */
export async function saveDirectory(sql: Sql, changes: DirectoryChanges): Promise<void> {
  const write: Write = async (rows, statement) => {
    if (rows.length > 0) await sql.query(statement, [JSON.stringify(rows)]);
  };
  await write(
    changes.organizations.map(({ createdAt, ...row }) => ({ ...row, ms: Date.parse(createdAt) })),
    `insert into read.organizations (id, name, parent_id, created_ms)
     select id, name, "parentId", ms
       from jsonb_to_recordset($1::jsonb) as r (id text, name text, "parentId" text, ms bigint)`,
  );
  await write(
    changes.sandboxes.map(({ createdAt, ...row }) => ({ ...row, ms: Date.parse(createdAt) })),
    `insert into read.sandboxes (id, organization_id, revision, name, created_ms)
     select id, "organizationId", revision, name, ms
       from jsonb_to_recordset($1::jsonb) as r (id text, "organizationId" text, revision bigint, name text, ms bigint)`,
  );
  await write(
    changes.ledgers.map(({ createdAt, ...row }) => ({ ...row, ms: Date.parse(createdAt) })),
    `insert into read.ledgers (id, organization_id, revision, name, description, managed, metadata, created_ms)
     select id, "organizationId", revision, name, description, managed, metadata, ms
       from jsonb_to_recordset($1::jsonb)
         as r (id text, "organizationId" text, revision bigint, name text, description text, managed text, metadata jsonb, ms bigint)`,
  );
  await write(
    changes.units.map(({ createdAt, ...row }) => ({ ...row, ms: Date.parse(createdAt) })),
    `insert into read.units (organization_id, code, revision, exponent, name, created_ms)
     select "organizationId", code, revision, exponent, name, ms
       from jsonb_to_recordset($1::jsonb)
         as r ("organizationId" text, code text, revision bigint, exponent int, name text, ms bigint)
     on conflict (organization_id, code) do update
       set exponent = excluded.exponent, name = excluded.name, created_ms = excluded.created_ms`,
  );
  await write(
    changes.usedUnits,
    `update read.units u set is_used = true
       from jsonb_to_recordset($1::jsonb) as r ("organizationId" text, code text)
      where u.organization_id = r."organizationId" and u.code = r.code`,
  );
  await saveKeys(write, changes);
}

type Write = (rows: readonly object[], statement: string) => Promise<void>;

async function saveKeys(write: Write, changes: DirectoryChanges): Promise<void> {
  await write(
    changes.apiKeys.map(({ createdAt, expiresAt, ...row }) => ({
      ...row,
      ms: Date.parse(createdAt),
      ...(expiresAt !== undefined && { endMs: Date.parse(expiresAt) }),
    })),
    `insert into read.api_keys (id, organization_id, revision, name, scopes, last4, hmac, created_ms, expires_ms,
                                allowed_ips)
     select id, "organizationId", revision, name, scopes, last4, hmac, ms, "endMs", "allowedIps"
       from jsonb_to_recordset($1::jsonb)
         as r (id text, "organizationId" text, revision bigint, name text, scopes jsonb, last4 text, hmac text, ms bigint,
               "endMs" bigint, "allowedIps" jsonb)`,
  );
  await write(
    changes.rotatedKeys,
    `update read.api_keys k
        set hmac = r.hmac, last4 = r.last4, secret_generation = r."secretGeneration", older_secrets = r."olderSecrets"
       from jsonb_to_recordset($1::jsonb)
         as r (id text, hmac text, last4 text, "secretGeneration" int, "olderSecrets" jsonb)
      where k.id = r.id`,
  );
  await write(
    changes.revokedKeys.map(({ id, revokedAt }) => ({ id, ms: Date.parse(revokedAt) })),
    `update read.api_keys k set revoked_ms = coalesce(k.revoked_ms, r.ms)
       from jsonb_to_recordset($1::jsonb) as r (id text, ms bigint) where k.id = r.id`,
  );
}
