import type { ApiKeyFacts, OrganizationFacts } from './facts';

export interface OrganizationRecord extends OrganizationFacts {
  readonly kind: 'organization';
  /** Of a sandbox: the live organization that it is below. */
  readonly parentId?: string;
}
/** How many sandboxes an organization has. */
export interface SandboxesRecord {
  readonly kind: 'sandboxes';
  readonly count: number;
}
export interface ApiKeyRecord extends ApiKeyFacts {
  readonly kind: 'api_key';
  readonly revokedAt: string | null;
}
export type AccessRecord = OrganizationRecord | SandboxesRecord | ApiKeyRecord;

/** Where each record of an organization's state is kept. */
export const organizationKey = 'organization';
export const sandboxesKey = 'sandboxes';
export const apiKeyKey = (id: string): string => `api_key:${id}`;

/** Read access to the state, as the journal writer gives it. */
export interface AccessView {
  get(key: string): AccessRecord | undefined;
}

export function organizationOf(view: AccessView): OrganizationRecord | undefined {
  const record = view.get(organizationKey);
  return record?.kind === 'organization' ? record : undefined;
}
export function sandboxCountOf(view: AccessView): number {
  const record = view.get(sandboxesKey);
  return record?.kind === 'sandboxes' ? record.count : 0;
}
export function apiKeyOf(view: AccessView, id: string): ApiKeyRecord | undefined {
  const record = view.get(apiKeyKey(id));
  return record?.kind === 'api_key' ? record : undefined;
}
