import type { JournalDomain } from '@fintech-ledger/journal';
import type { AccessCommand } from './commands';
import { accessDomain } from './domain';
import type { AccessEvent } from './events';
import type { AccessRecord } from './records';

// The shape that the journal writer runs.
const domain: JournalDomain<AccessCommand, AccessEvent, AccessRecord> = accessDomain;
const now = '2026-01-02T03:04:05.678Z';
const context = { now, organizationId: 'org_1', newId: (prefix: string) => `${prefix}_1` };

function given(events: readonly AccessEvent[]) {
  const state = new Map<string, AccessRecord>();
  for (const event of events) {
    for (const { key, record } of domain.evolve(state, event, {
      stream: 'org-org_1',
      revision: 0,
      recordedAt: now,
    })) {
      expect(domain.events.touches(event)).toContain(key);
      state.set(key, domain.decode(key, domain.encode(record).text));
    }
  }
  return (command: AccessCommand) => {
    const read = new Set(domain.reads(command, state));
    return domain.decide({ get: (key) => (read.has(key) ? state.get(key) : undefined) }, command, context);
  };
}

const organization: AccessEvent = {
  type: 'OrganizationCreated',
  data: { organization: { createdAt: now, id: 'org_1', name: 'Acme' } },
};
const createKey = {
  type: 'CreateApiKey',
  apiKeyId: 'key_1',
  hmac: 'ab',
  last4: 'wxyz',
  name: 'web',
  scopes: ['*'],
} as const;
const key: AccessEvent = {
  type: 'ApiKeyCreated',
  data: { apiKey: { createdAt: now, hmac: 'ab', id: 'key_1', last4: 'wxyz', name: 'web', scopes: ['*'] } },
};
const revoked: AccessEvent = { type: 'ApiKeyRevoked', data: { apiKeyId: 'key_1', revokedAt: now } };
const declare = { type: 'DeclareUnit', code: 'POINTS', exponent: 2, name: 'Points' } as const;
const unit: AccessEvent = {
  type: 'UnitDeclared',
  data: { unit: { code: 'POINTS', createdAt: now, exponent: 2, name: 'Points' } },
};
const used: AccessEvent = { type: 'UnitUsed', data: { code: 'POINTS' } };

describe('an organization', () => {
  it.each<[string, readonly AccessEvent[], AccessCommand, readonly AccessEvent[]]>([
    ['is created', [], { type: 'CreateOrganization', name: 'Acme' }, [organization]],
    ['gets a key', [organization], createKey, [key]],
    ['revokes a key', [organization, key], { type: 'RevokeApiKey', apiKeyId: 'key_1' }, [revoked]],
    [
      'revokes a key for one that may do as much',
      [organization, key],
      { type: 'RevokeApiKey', apiKeyId: 'key_1', scopes: ['ledger:*', 'keys:*', 'ops:*'] },
      [revoked],
    ],
    [
      'gets a ledger',
      [organization],
      { type: 'CreateLedger', name: 'Books' },
      [
        {
          type: 'LedgerCreated',
          data: { ledger: { createdAt: now, description: null, id: 'led_1', metadata: {}, name: 'Books' } },
        },
      ],
    ],
    ['declares a unit', [organization], declare, [unit]],
    [
      'declares an unused unit otherwise',
      [organization, unit],
      { ...declare, exponent: 3 },
      [{ type: 'UnitDeclared', data: { unit: { ...unit.data.unit, exponent: 3 } } }],
    ],
    ['uses a unit', [organization, unit], { type: 'UseUnit', code: 'POINTS' }, [used]],
    ['uses a unit again', [organization, unit, used], { type: 'UseUnit', code: 'POINTS' }, []],
  ])('%s', (_name, events, command, expected) => {
    expect(given(events)(command)).toEqual({ kind: 'decided', events: expected });
  });

  it.each<[string, readonly AccessEvent[], AccessCommand]>([
    ['organization_exists', [organization], { type: 'CreateOrganization', name: 'Other' }],
    ['organization_not_found', [], createKey],
    ['api_key_exists', [organization, key], createKey],
    ['api_key_not_found', [organization], { type: 'RevokeApiKey', apiKeyId: 'key_1' }],
    ['api_key_revoked', [organization, key, revoked], { type: 'RevokeApiKey', apiKeyId: 'key_1' }],
    [
      'scope_beyond_own',
      [organization, key],
      { type: 'RevokeApiKey', apiKeyId: 'key_1', scopes: ['keys:write', 'ledger:admin'] },
    ],
    ['invalid_currency', [organization], { ...declare, code: 'points' }],
    ['invalid_currency', [organization], { ...declare, exponent: 19 }],
    ['unit_exists', [organization], { ...declare, code: 'USD' }],
    ['unit_exists', [organization, unit, used], declare],
    ['unit_in_use', [organization, unit, used], { ...declare, exponent: 3 }],
    ['unknown_currency', [organization], { type: 'UseUnit', code: 'POINTS' }],
  ])('refuses: %s', (code, events, command) => {
    expect(given(events)(command)).toMatchObject({ kind: 'refused', refusal: { code } });
  });

  it.each<[string, readonly AccessEvent[], AccessEvent]>([
    ['created twice', [organization], organization],
    ['a key revoked that never was', [organization], revoked],
    ['a unit in use declared again', [organization, unit, used], unit],
    ['a unit used that never was', [organization], used],
  ])('stops at a contradiction: %s', (_name, events, event) => {
    expect(() => given([...events, event])).toThrow(expect.objectContaining({ name: 'BrokenInvariant' }));
  });

  it('answers in the shape of the API', () => {
    const request = { command: createKey, stream: 'org-org_1', revision: 4, refusedItems: [], dryRun: false };
    expect(JSON.parse(domain.answer({ ...request, events: [key] }))).toEqual({
      id: 'key_1',
      object: 'api_key',
      name: 'web',
      scopes: ['*'],
      last4: 'wxyz',
      created_at: now,
      revoked_at: null,
      position: 'org_1@4',
    });
    expect(JSON.parse(domain.answer({ ...request, events: [], dryRun: true }))).toEqual({
      position: 'org_1@4',
      dry_run: true,
    });
  });
});
