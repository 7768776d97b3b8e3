import type {
  LedgerView,
  RotatedApiKeyView,
  OlderKeySecret,
  SandboxView,
  UnitView,
} from '@fintech-ledger/access/domain';
import { sandboxView } from '@fintech-ledger/access/domain';
import { isoTime, isoTimeOrNull } from '@fintech-ledger/contract';

interface Row {
  readonly revision: string;
  readonly name: string;
  readonly created_ms: string;
}
export interface LedgerRow extends Row {
  readonly id: string;
  readonly description: string | null;
  readonly managed: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}
export interface UnitRow extends Row {
  readonly code: string;
  readonly exponent: number;
}
export interface SandboxRow extends Row {
  readonly id: string;
}
export interface ApiKeyRow extends Row {
  readonly id: string;
  readonly scopes: readonly string[];
  readonly last4: string;
  readonly revoked_ms: string | null;
  readonly expires_ms: string | null;
  readonly allowed_ips: readonly string[] | null;
  readonly secret_generation: number;
  readonly older_secrets: readonly OlderKeySecret[];
}

export const ledgerColumns = 'x.id, x.name, x.description, x.managed, x.metadata, x.created_ms, x.revision';
export const ledgerView = (row: LedgerRow): LedgerView => ({
  id: row.id,
  object: 'ledger',
  name: row.name,
  description: row.description,
  ...(row.managed !== null && { managed: row.managed }),
  metadata: row.metadata,
  created_at: isoTime(row.created_ms),
});

export const unitColumns = 'x.code, x.exponent, x.name, x.created_ms, x.revision';
export const unitView = (row: UnitRow): UnitView => ({
  object: 'unit',
  code: row.code,
  exponent: row.exponent,
  name: row.name,
  created_at: isoTime(row.created_ms),
});

export const sandboxColumns = 'x.id, x.name, x.created_ms, x.revision';
export const sandboxRowView = (row: SandboxRow): SandboxView =>
  sandboxView({ id: row.id, name: row.name, createdAt: isoTime(row.created_ms) });

export const apiKeyColumns = `x.id, x.name, x.scopes, x.last4, x.created_ms, x.revoked_ms, x.revision,
  x.expires_ms, x.allowed_ips, x.secret_generation, x.older_secrets`;
export const apiKeyView = (row: ApiKeyRow): RotatedApiKeyView => ({
  id: row.id,
  object: 'api_key',
  name: row.name,
  scopes: row.scopes,
  last4: row.last4,
  created_at: isoTime(row.created_ms),
  revoked_at: isoTimeOrNull(row.revoked_ms),
  expires_at: isoTimeOrNull(row.expires_ms),
  allowed_ips: row.allowed_ips,
  secret_version: row.secret_generation,
  previous_secret_until: row.older_secrets[0]?.until ?? null,
});
