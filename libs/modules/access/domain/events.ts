import {
  EventList,
  eventType,
  listOf,
  metadata,
  named,
  object,
  text,
  textOrNull,
  time,
  wholeNumber,
} from '@fintech-ledger/contract';
import type { EventsOf } from '@fintech-ledger/contract';
import { currency } from '@fintech-ledger/ledger/domain';
import type { ApiKeyFacts, LedgerFacts, OrganizationFacts, UnitFacts } from './facts';
import { apiKeyKey, ledgerKey, organizationKey, unitKey } from './records';

const apiKeyId = named('apiKeyId', text({ pattern: '^key_[0-9A-Za-z_-]+$' }));

const organizationCreated = eventType({
  name: 'OrganizationCreated',
  description: 'An organization begins; always the first event of its stream.',
  schema: object<{ readonly organization: OrganizationFacts }>({
    organization: object<OrganizationFacts>({
      createdAt: time,
      id: text({ pattern: '^org_[0-9A-Za-z_-]+$' }),
      name: text(),
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

const ledgerCreated = eventType({
  name: 'LedgerCreated',
  description: 'A ledger exists; its journal stream begins with its first account.',
  schema: object<{ readonly ledger: LedgerFacts }>({
    ledger: object<LedgerFacts>({
      createdAt: time,
      description: textOrNull(),
      id: text({ pattern: '^led_[0-9A-Za-z_-]+$' }),
      metadata,
      name: text(),
    }),
  }),
  touches: ({ ledger }) => [ledgerKey(ledger.id)],
});

const unitDeclared = eventType({
  name: 'UnitDeclared',
  description:
    'A unit that is not an ISO 4217 currency may be used; said again with other values as long as nothing uses it.',
  schema: object<{ readonly unit: UnitFacts }>({
    unit: object<UnitFacts>({
      code: currency,
      createdAt: time,
      exponent: wholeNumber({ description: 'Digits after the decimal point', minimum: 0, maximum: 18 }),
      name: text(),
    }),
  }),
  touches: ({ unit }) => [unitKey(unit.code)],
});

const unitUsed = eventType({
  name: 'UnitUsed',
  description: 'An account in this unit was opened: its exponent is fixed.',
  schema: object<{ readonly code: string }>({ code: currency }),
  touches: ({ code }) => [unitKey(code)],
});

/** Every event that an organization's stream may hold. */
export const accessEvents = new EventList({ prefix: 'org-' }, [
  organizationCreated,
  apiKeyCreated,
  apiKeyRevoked,
  ledgerCreated,
  unitDeclared,
  unitUsed,
]);
export type AccessEvent = EventsOf<typeof accessEvents>;
