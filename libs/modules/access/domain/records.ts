import type { ApiKeyFacts, ClockAdvanceFacts, OrganizationFacts, RotatedApiKeyFacts } from './facts';

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
type AfterRotation = Pick<RotatedApiKeyFacts, 'olderSecrets' | 'secretGeneration'>;
/** Of a key that was never rotated nothing says so. */
export interface ApiKeyRecord extends ApiKeyFacts, Partial<AfterRotation> {
  readonly kind: 'api_key';
  readonly revokedAt: string | null;
}
/** The clock of a sandbox that has one of its own. */
export interface ClockRecord {
  readonly kind: 'clock';
  readonly time: string;
  /** When it was `time` by it: real time. Null: it stands. */
  readonly since: string | null;
  /** The advance that is under way. */
  readonly advanceId: string | null;
}
export interface ClockAdvanceRecord {
  readonly kind: 'clock_advance';
  readonly advance: ClockAdvanceFacts;
  readonly hasEnded: boolean;
}
export type AccessRecord =
  OrganizationRecord | SandboxesRecord | ApiKeyRecord | ClockRecord | ClockAdvanceRecord;

export interface AccessChange {
  readonly key: string;
  readonly record: AccessRecord;
}

/** Where each record of an organization's state is kept. */
export const organizationKey = 'organization';
export const sandboxesKey = 'sandboxes';
export const apiKeyKey = (id: string): string => `api_key:${id}`;

export const clockKey = 'clock';
export const clockAdvanceKey = (id: string): string => `clock_advance:${id}`;

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
export function clockOf(view: AccessView): ClockRecord | undefined {
  const record = view.get(clockKey);
  return record?.kind === 'clock' ? record : undefined;
}
export function clockAdvanceOf(view: AccessView, id: string): ClockAdvanceRecord | undefined {
  const record = view.get(clockAdvanceKey(id));
  return record?.kind === 'clock_advance' ? record : undefined;
}
