import { refuse } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import type { AccessCommand, CreateApiKey, CreateOrganization, RevokeApiKey } from './commands';
import type { AccessEvent } from './events';
import { apiKeyOf, organizationKey, organizationOf } from './records';
import type { AccessView } from './records';
import { scopeBeyond } from './scopes';

export interface AccessContext {
  /** RFC 3339, UTC, milliseconds. */
  readonly now: string;
  readonly organizationId: string;
  newId(prefix: string, index: number): string;
}
type AccessRefusalCode =
  | 'organization_exists'
  | 'organization_not_found'
  | 'api_key_exists'
  | 'api_key_not_found'
  | 'scope_beyond_own'
  | 'api_key_revoked';
export type AccessDecision =
  | { readonly kind: 'decided'; readonly events: readonly AccessEvent[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal<AccessRefusalCode> };

const decided = (...events: readonly AccessEvent[]): AccessDecision => ({ kind: 'decided', events });
const refused = (...why: Parameters<typeof refuse<AccessRefusalCode>>): AccessDecision => ({
  kind: 'refused',
  refusal: refuse(...why),
});

/**
 * What a command does to an organization and its API keys.
 * Refusals in order: `organization_exists` · `organization_not_found` · `api_key_exists` · `api_key_not_found`,
 * `scope_beyond_own`, `api_key_revoked`
 */
export function decide(view: AccessView, command: AccessCommand, context: AccessContext): AccessDecision {
  const organization = organizationOf(view);
  if (command.type === 'CreateOrganization') {
    return organization === undefined
      ? createOrganization(command, context)
      : refused('organization_exists', `Organization ${organization.id} exists already.`);
  }
  const missing = missingOrganization(view, context.organizationId);
  if (missing !== undefined) return { kind: 'refused', refusal: missing };
  switch (command.type) {
    case 'CreateApiKey':
      return createApiKey(view, command, context);
    case 'RevokeApiKey':
      return revokeApiKey(view, command, context);
  }
}

/** Nothing but its creation may happen to an organization that does not exist, whichever module it is asked of. */
export function missingOrganization(
  view: { get(key: string): { readonly kind: string } | undefined },
  organizationId: string,
): Refusal<'organization_not_found'> | undefined {
  if (view.get(organizationKey) !== undefined) return undefined;
  return refuse('organization_not_found', `There is no organization ${organizationId}.`);
}

function createOrganization(command: CreateOrganization, context: AccessContext): AccessDecision {
  return decided({
    type: 'OrganizationCreated',
    data: { organization: { createdAt: context.now, id: context.organizationId, name: command.name } },
  });
}

function createApiKey(view: AccessView, command: CreateApiKey, context: AccessContext): AccessDecision {
  if (apiKeyOf(view, command.apiKeyId) !== undefined) {
    return refused('api_key_exists', `API key ${command.apiKeyId} exists already.`);
  }
  const { apiKeyId: id, hmac, last4, name, scopes } = command;
  return decided({
    type: 'ApiKeyCreated',
    data: { apiKey: { createdAt: context.now, hmac, id, last4, name, scopes } },
  });
}

function revokeApiKey(view: AccessView, command: RevokeApiKey, context: AccessContext): AccessDecision {
  const key = apiKeyOf(view, command.apiKeyId);
  if (key === undefined) return refused('api_key_not_found', `There is no API key ${command.apiKeyId}.`);
  const beyond = command.scopes === undefined ? undefined : scopeBeyond(command.scopes, key.scopes);
  if (beyond !== undefined) {
    const detail = `API key ${key.id} has the scope ${beyond}, and only a key that has it too may revoke it.`;
    return refused('scope_beyond_own', detail, undefined, { missing_scope: beyond });
  }
  if (key.revokedAt !== null) {
    return refused('api_key_revoked', `API key ${key.id} was revoked at ${key.revokedAt}.`);
  }
  return decided({ type: 'ApiKeyRevoked', data: { apiKeyId: key.id, revokedAt: context.now } });
}
