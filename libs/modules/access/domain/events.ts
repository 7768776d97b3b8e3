import {
  EventList,
  eventType,
  listOf,
  named,
  nextVersion,
  object,
  text,
  time,
  wholeNumber,
} from '@fintech-ledger/contract';
import type { EventsOf, ObjectSchema, Schema } from '@fintech-ledger/contract';
import type {
  ApiKeyFacts,
  OlderKeySecret,
  OrganizationFacts,
  RotatedApiKeyFacts,
  SandboxFacts,
  SandboxOrganizationFacts,
} from './facts';
import { allowedIpsMax, keySecretsMax } from './limits';
import {
  clockAdvanceBegun,
  clockAdvanceContinued,
  clockAdvanceEnded,
  clockFrozen,
  clockReleased,
} from './clock-events';
import { apiKeyKey, organizationKey, sandboxesKey } from './records';

const apiKeyId = named('apiKeyId', text({ pattern: '^key_[0-9A-Za-z_-]+$' }));

const organizationId = text({ pattern: '^org_[0-9A-Za-z_-]+$' });
const sandboxId = named('sandboxId', text({ pattern: '^sbx_[0-9A-Za-z_-]+$' }));

const organizationCreated = eventType({
  name: 'OrganizationCreated',
  description: 'An organization begins; always the first event of its stream.',
  schema: object<{ readonly organization: OrganizationFacts }>({
    organization: object<OrganizationFacts>({
      createdAt: time,
      id: organizationId,
      name: text(),
    }),
  }),
  touches: () => [organizationKey],
});

const sandboxCreated = eventType({
  name: 'SandboxCreated',
  description: 'A live organization has a sandbox, whose books are in a stream of their own.',
  schema: object<{ readonly sandbox: SandboxFacts }>({
    sandbox: object<SandboxFacts>({ createdAt: time, id: sandboxId, name: text() }),
  }),
  touches: () => [sandboxesKey],
});

const sandboxOpened = eventType({
  name: 'SandboxOpened',
  description: 'A sandbox begins; always the first event of its stream.',
  schema: object<{ readonly organization: SandboxOrganizationFacts }>({
    organization: object<SandboxOrganizationFacts>({
      createdAt: time,
      id: organizationId,
      name: text(),
      parentId: organizationId,
      sandboxId,
    }),
  }),
  touches: () => [organizationKey],
});

const hmac = named(
  'hmac',
  text({
    description: 'HMAC-SHA256 of the whole key with the pepper, hex; the key itself is never kept',
    pattern: '^[0-9a-f]+$',
  }),
);
const keyFields = {
  createdAt: time,
  hmac,
  id: apiKeyId,
  last4: text({ minLength: 4, maxLength: 4 }),
  name: text(),
  scopes: listOf(text({ minLength: 1 })),
};
type Unlimited<F extends ApiKeyFacts> = Omit<F, 'allowedIps' | 'expiresAt'>;
/** An object that may have these too: of a key that has no such limit they are absent. */
function mayBeLimited<F extends ApiKeyFacts>(fields: ObjectSchema<Unlimited<F>>): Schema<F> {
  const { json, definitions } = fields;
  const allowedIps = listOf(text({ minLength: 1 }), { minItems: 1, maxItems: allowedIpsMax }).json;
  const all = { ...(json['properties'] as object), allowedIps, expiresAt: time.json };
  const properties = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { json: { ...json, properties }, definitions };
}

interface OfKey {
  readonly apiKey: ApiKeyFacts;
}
const touchesKey = ({ apiKey }: OfKey): readonly string[] => [apiKeyKey(apiKey.id)];
const created = {
  description: 'An API key may be used from now on.',
  touches: touchesKey,
};
const apiKeyCreated = nextVersion(
  eventType({
    name: 'ApiKeyCreated',
    ...created,
    schema: object<OfKey>({ apiKey: object<Unlimited<ApiKeyFacts>>(keyFields) }),
  }),
  {
    ...created,
    schema: object<OfKey>({ apiKey: mayBeLimited<ApiKeyFacts>(object<Unlimited<ApiKeyFacts>>(keyFields)) }),
    upcast: (data) => data,
  },
);

const apiKeyRotated = eventType({
  name: 'ApiKeyRotated',
  description: 'An API key has another secret; those of before open too for a while.',
  schema: object<{ readonly apiKey: RotatedApiKeyFacts; readonly rotatedAt: string }>({
    apiKey: mayBeLimited<RotatedApiKeyFacts>(
      object<Unlimited<RotatedApiKeyFacts>>({
        createdAt: keyFields.createdAt,
        hmac,
        id: keyFields.id,
        last4: keyFields.last4,
        name: keyFields.name,
        olderSecrets: listOf(
          object<OlderKeySecret>({ generation: wholeNumber({ minimum: 1 }), hmac, until: time }),
          { maxItems: keySecretsMax - 1 },
        ),
        scopes: keyFields.scopes,
        secretGeneration: wholeNumber({ description: 'How often it was given a secret', minimum: 2 }),
      }),
    ),
    rotatedAt: time,
  }),
  touches: ({ apiKey }) => [apiKeyKey(apiKey.id)],
});

const apiKeyRevoked = eventType({
  name: 'ApiKeyRevoked',
  description: 'An API key may not be used any more.',
  schema: object<{ readonly apiKeyId: string; readonly revokedAt: string }>({ apiKeyId, revokedAt: time }),
  touches: (data) => [apiKeyKey(data.apiKeyId)],
});

/** What an organization's stream says of the organization itself and of its API keys. */
export const accessEvents = new EventList({ prefix: 'org-' }, [
  organizationCreated,
  sandboxCreated,
  sandboxOpened,
  apiKeyCreated,
  apiKeyRotated,
  apiKeyRevoked,
  clockFrozen,
  clockReleased,
  clockAdvanceBegun,
  clockAdvanceContinued,
  clockAdvanceEnded,
]);
export type AccessEvent = EventsOf<typeof accessEvents>;
