import { refuse, refused, scopeBeyondOwn } from '@fintech-ledger/contract';
import type { CodeOf, DeclaredRefusal, PartDecision, Refusal } from '@fintech-ledger/contract';
import { rotateApiKey } from './rotate';
import { clockCommandRefusals, decideClock } from './clock';
import type {
  AccessCommand,
  CreateApiKey,
  CreateOrganization,
  CreateSandbox,
  OpenSandbox,
  RevokeApiKey,
} from './commands';
import type { AccessEvent } from './events';
import { apiKeyOf, organizationKey, organizationOf, sandboxCountOf } from './records';
import type { AccessView } from './records';
import {
  apiKeyExists,
  apiKeyExpired,
  apiKeyNotFound,
  apiKeyRevoked,
  expiresInPast,
  liveKeyRequired,
  organizationExists,
  organizationNotFound,
  sandboxLimit,
  tooManyApiKeySecrets,
} from './refusals';
import { keyBeyond } from './key-beyond';

export interface AccessContext {
  /** RFC 3339, UTC, milliseconds. */
  readonly now: string;
  /** Real time; absent: `now` is. */
  readonly recordedAt?: string;
  readonly organizationId: string;
  newId(prefix: string, index: number): string;
}
/** What each command may be refused with, in the order of precedence; `decide` does not compile with anything else. */
export const accessCommandRefusals = {
  CreateOrganization: [organizationExists],
  CreateSandbox: [organizationNotFound, liveKeyRequired, sandboxLimit],
  OpenSandbox: [organizationExists],
  CreateApiKey: [organizationNotFound, apiKeyExists, expiresInPast],
  RotateApiKey: [
    organizationNotFound,
    apiKeyNotFound,
    scopeBeyondOwn,
    apiKeyRevoked,
    apiKeyExpired,
    tooManyApiKeySecrets,
  ],
  RevokeApiKey: [organizationNotFound, apiKeyNotFound, scopeBeyondOwn, apiKeyRevoked],
  ...clockCommandRefusals,
} as const satisfies Record<AccessCommand['type'], readonly DeclaredRefusal[]>;

export type AccessDecision<Code extends string = string> = PartDecision<AccessEvent, Code>;
type DecisionOf<Type extends AccessCommand['type']> = AccessDecision<
  CodeOf<(typeof accessCommandRefusals)[Type]>
>;

const decided = (...events: readonly AccessEvent[]): AccessDecision<never> => ({ kind: 'decided', events });

/** What a command does to an organization and its API keys. */
export function decide(
  view: AccessView,
  command: AccessCommand,
  context: AccessContext,
): DecisionOf<AccessCommand['type']> {
  const organization = organizationOf(view);
  if (command.type === 'CreateOrganization' || command.type === 'OpenSandbox') {
    return organization === undefined
      ? begin(command, context)
      : refused(organizationExists, `Organization ${organization.id} exists already.`);
  }
  const missing = missingOrganization(view, context.organizationId);
  if (missing !== undefined) return { kind: 'refused', refusal: missing };
  switch (command.type) {
    case 'CreateSandbox':
      return createSandbox(view, command, context);
    case 'CreateApiKey':
      return createApiKey(view, command, context);
    case 'RotateApiKey':
      return rotateApiKey(view, command, context);
    case 'RevokeApiKey':
      return revokeApiKey(view, command, context);
    case 'FreezeClock':
    case 'AdvanceClock':
    case 'ReleaseClock':
    case 'ReadClock':
    case 'ReadClockAdvance':
    case 'RecordClockAdvance':
    case 'ContinueClockAdvance':
      return decideClock(view, command, context);
  }
}

/** Nothing but its creation may happen to an organization that does not exist, whichever module it is asked of. */
export function missingOrganization(
  view: { get(key: string): { readonly kind: string } | undefined },
  organizationId: string,
): Refusal<'organization_not_found'> | undefined {
  if (view.get(organizationKey) !== undefined) return undefined;
  return refuse(organizationNotFound, `There is no organization ${organizationId}.`);
}

function begin(
  command: CreateOrganization | OpenSandbox,
  { now, organizationId: id }: AccessContext,
): AccessDecision<never> {
  const { name } = command;
  if (command.type === 'CreateOrganization')
    return decided({ type: 'OrganizationCreated', data: { organization: { createdAt: now, id, name } } });
  const { parentId, sandboxId } = command;
  return decided({
    type: 'SandboxOpened',
    data: { organization: { createdAt: now, id, name, parentId, sandboxId } },
  });
}

function createSandbox(
  view: AccessView,
  { name, sandboxesMax }: CreateSandbox,
  context: AccessContext,
): DecisionOf<'CreateSandbox'> {
  if (organizationOf(view)?.parentId !== undefined)
    return refused(liveKeyRequired, 'A sandbox has no sandboxes: use a key of the live organization.');
  if (sandboxesMax !== undefined && sandboxCountOf(view) >= sandboxesMax)
    return refused(sandboxLimit, `The organization has ${sandboxCountOf(view)} sandboxes: no more are made.`);
  return decided({
    type: 'SandboxCreated',
    data: { sandbox: { createdAt: context.now, id: context.newId('sbx', 0), name } },
  });
}

function createApiKey(
  view: AccessView,
  command: CreateApiKey,
  context: AccessContext,
): DecisionOf<'CreateApiKey'> {
  if (apiKeyOf(view, command.apiKeyId) !== undefined) {
    return refused(apiKeyExists, `API key ${command.apiKeyId} exists already.`);
  }
  const { apiKeyId: id, hmac, last4, name, scopes, expiresAt, allowedIps } = command;
  // Keys end in real time, in sandboxes too.
  const { now: createdAt, recordedAt: now = createdAt } = context;
  if (typeof expiresAt === 'string' && Date.parse(expiresAt) <= Date.parse(now))
    return refused(expiresInPast, `${expiresAt} is over: it is ${now}.`, '/expires_at');
  const limits = {
    ...(Array.isArray(allowedIps) && { allowedIps: allowedIps as readonly string[] }),
    ...(typeof expiresAt === 'string' && { expiresAt }),
  };
  return decided({
    type: 'ApiKeyCreated',
    data: { apiKey: { createdAt, hmac, id, last4, name, scopes, ...limits } },
  });
}

function revokeApiKey(
  view: AccessView,
  command: RevokeApiKey,
  context: AccessContext,
): DecisionOf<'RevokeApiKey'> {
  const key = apiKeyOf(view, command.apiKeyId);
  if (key === undefined) return refused(apiKeyNotFound, `There is no API key ${command.apiKeyId}.`);
  const beyond = keyBeyond(command.scopes, key);
  if (beyond !== undefined) return { kind: 'refused', refusal: beyond };
  if (key.revokedAt !== null) {
    return refused(apiKeyRevoked, `API key ${key.id} was revoked at ${key.revokedAt}.`);
  }
  return decided({ type: 'ApiKeyRevoked', data: { apiKeyId: key.id, revokedAt: context.now } });
}
