import { refuse } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import { findCurrency } from '@fintech-ledger/ledger/domain';
import type { RefusalCode } from '@fintech-ledger/ledger/domain';
import type {
  AccessCommand,
  CreateApiKey,
  CreateLedger,
  CreateOrganization,
  DeclareUnit,
  RevokeApiKey,
  UseUnit,
} from './commands';
import type { AccessEvent } from './events';
import { apiKeyOf, organizationOf, unitOf } from './records';
import type { AccessView } from './records';
import { scopeBeyond } from './scopes';
import { isExponent, isUnitCode } from './unit';

export interface AccessContext {
  /** RFC 3339, UTC, milliseconds. */
  readonly now: string;
  readonly organizationId: string;
  newId(prefix: string, index: number): string;
}
export type AccessDecision =
  | { readonly kind: 'decided'; readonly events: readonly AccessEvent[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

const decided = (...events: readonly AccessEvent[]): AccessDecision => ({ kind: 'decided', events });
const refused = (...why: Parameters<typeof refuse<RefusalCode>>): AccessDecision => ({
  kind: 'refused',
  refusal: refuse(...why),
});

/**
 * What a command does to an organization.
 * Refusals, in the order in which they take precedence: `organization_exists` · `organization_not_found` · `api_key_exists` ·
 * `api_key_not_found`, `scope_beyond_own`, `api_key_revoked`
 * · `invalid_currency`, `unit_exists`, `unit_in_use` · `unknown_currency`
 */
export function decide(view: AccessView, command: AccessCommand, context: AccessContext): AccessDecision {
  const organization = organizationOf(view);
  if (command.type === 'CreateOrganization') {
    return organization === undefined
      ? createOrganization(command, context)
      : refused('organization_exists', `Organization ${organization.id} exists already.`);
  }
  if (organization === undefined) {
    return refused('organization_not_found', `There is no organization ${context.organizationId}.`);
  }
  switch (command.type) {
    case 'CreateApiKey':
      return createApiKey(view, command, context);
    case 'RevokeApiKey':
      return revokeApiKey(view, command, context);
    case 'CreateLedger':
      return createLedger(command, context);
    case 'DeclareUnit':
      return declareUnit(view, command, context);
    case 'UseUnit':
      return useUnit(view, command);
  }
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

function createLedger(command: CreateLedger, context: AccessContext): AccessDecision {
  return decided({
    type: 'LedgerCreated',
    data: {
      ledger: {
        createdAt: context.now,
        description: command.description ?? null,
        id: context.newId('led', 0),
        metadata: command.metadata ?? {},
        name: command.name,
      },
    },
  });
}

function declareUnit(view: AccessView, command: DeclareUnit, context: AccessContext): AccessDecision {
  const { code, exponent, name } = command;
  if (!isUnitCode(code)) return refused('invalid_currency', `'${code}' is not a unit code.`, '/code');
  if (!isExponent(exponent)) {
    return refused('invalid_currency', 'An exponent is a whole number from 0 to 18.', '/exponent');
  }
  if (findCurrency(code) !== undefined) {
    return refused('unit_exists', `${code} is an ISO 4217 currency, which is built in.`, '/code');
  }
  const known = unitOf(view, code);
  if (known?.isUsed === true) {
    return known.exponent === exponent && known.name === name
      ? refused('unit_exists', `Unit ${code} is declared already, and in use.`, '/code')
      : refused('unit_in_use', `Unit ${code} is in use: its exponent stays ${known.exponent}.`, '/code');
  }
  const createdAt = known?.createdAt ?? context.now;
  return decided({ type: 'UnitDeclared', data: { unit: { code, createdAt, exponent, name } } });
}

function useUnit(view: AccessView, command: UseUnit): AccessDecision {
  const unit = unitOf(view, command.code);
  if (unit === undefined) {
    const detail = `${command.code} is neither an ISO 4217 currency nor a unit that this organization declared.`;
    return refused('unknown_currency', detail, '/currency');
  }
  return unit.isUsed ? decided() : decided({ type: 'UnitUsed', data: { code: unit.code } });
}
