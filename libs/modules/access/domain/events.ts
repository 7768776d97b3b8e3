import { EventList, eventType, listOf, named, object, text, time } from '@fintech-ledger/contract';
import type { EventsOf } from '@fintech-ledger/contract';
import type { ApiKeyFacts, OrganizationFacts, SandboxFacts, SandboxOrganizationFacts } from './facts';
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

const apiKeyCreated = eventType({
  name: 'ApiKeyCreated',
  description: 'An API key may be used from now on.',
  schema: object<{ readonly apiKey: ApiKeyFacts }>({
    apiKey: object<ApiKeyFacts>({
      createdAt: time,
      hmac: named(
        'hmac',
        text({
          description: 'HMAC-SHA256 of the whole key with the pepper, hex; the key itself is never kept',
          pattern: '^[0-9a-f]+$',
        }),
      ),
      id: apiKeyId,
      last4: text({ minLength: 4, maxLength: 4 }),
      name: text(),
      scopes: listOf(text({ minLength: 1 })),
    }),
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
  apiKeyRevoked,
  clockFrozen,
  clockReleased,
  clockAdvanceBegun,
  clockAdvanceContinued,
  clockAdvanceEnded,
]);
export type AccessEvent = EventsOf<typeof accessEvents>;
