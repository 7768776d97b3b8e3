import type { LedgerView, RotatedApiKeyView, SandboxView, UnitView } from '@fintech-ledger/access/domain';
import type { ApiKeyCredentials } from '@fintech-ledger/http';
import type { At, Followed, PageRequest } from '@fintech-ledger/projection-runtime';
import type { PageOf as Page } from '@fintech-ledger/shapes';

/** The names under which the queries of organizations, and the secret that keys are hashed with, are provided to handlers. */
export const organizationQueriesPort = Symbol('OrganizationQueries');
export const apiKeyPepperPort = Symbol('ApiKeyPepper');
/** The name under which it is provided when keys were used last. */
export const lastUsesPort = Symbol('LastUses');
/** How many sandboxes an organization may have. */
export const sandboxesMaxPort = Symbol('SandboxesMax');
/** The name under which it is provided what is due in streams. */
export const dueStreamsPort = Symbol('DueStreams');

/** What the read models have of a key. */
export interface RecordedApiKey extends ApiKeyCredentials {
  readonly revokedAt: string | null;
}

/** What the read models answer about an organization. */
export interface OrganizationQueries extends Followed {
  ledger(organizationId: string, ledgerId: string): Promise<At<LedgerView | null>>;
  ledgers(organizationId: string, page: PageRequest): Promise<At<Page<LedgerView>>>;
  unit(organizationId: string, code: string): Promise<UnitView | null>;
  units(organizationId: string, page: PageRequest): Promise<At<Page<UnitView>>>;
  sandbox(organizationId: string, sandboxId: string): Promise<At<SandboxView | null>>;
  sandboxes(organizationId: string, page: PageRequest): Promise<At<Page<SandboxView>>>;
  apiKeys(organizationId: string, page: PageRequest): Promise<At<Page<RotatedApiKeyView>>>;
  /** By the key's public id, also when revoked. */
  apiKeyCredentials(keyId: string): Promise<RecordedApiKey | null>;
}
