import type { ApiKeyFacts, LedgerFacts, OrganizationFacts, UnitFacts } from './facts';

export interface OrganizationRecord extends OrganizationFacts {
  readonly kind: 'organization';
}
export interface ApiKeyRecord extends ApiKeyFacts {
  readonly kind: 'api_key';
  readonly revokedAt: string | null;
}
export interface LedgerRecord extends LedgerFacts {
  readonly kind: 'ledger';
}
export interface UnitRecord extends UnitFacts {
  readonly kind: 'unit';
  readonly isUsed: boolean;
}
export type AccessRecord = OrganizationRecord | ApiKeyRecord | LedgerRecord | UnitRecord;

/** Where each record of an organization's state is kept. */
export const organizationKey = 'organization';
export const apiKeyKey = (id: string): string => `api_key:${id}`;
export const ledgerKey = (id: string): string => `ledger:${id}`;
export const unitKey = (code: string): string => `unit:${code}`;

/** Read access to the state, as the journal writer gives it. */
export interface AccessView {
  get(key: string): AccessRecord | undefined;
}

export function organizationOf(view: AccessView): OrganizationRecord | undefined {
  const record = view.get(organizationKey);
  return record?.kind === 'organization' ? record : undefined;
}
export function apiKeyOf(view: AccessView, id: string): ApiKeyRecord | undefined {
  const record = view.get(apiKeyKey(id));
  return record?.kind === 'api_key' ? record : undefined;
}
export function unitOf(view: AccessView, code: string): UnitRecord | undefined {
  const record = view.get(unitKey(code));
  return record?.kind === 'unit' ? record : undefined;
}
