import { grants } from '@fintech-ledger/access/domain';
import type { AccessCommand, AccessEvent, ApiKeyFacts, OlderKeySecret } from '@fintech-ledger/access/domain';
import type { DirectoryCommand, DirectoryEvent } from '@fintech-ledger/ledger/domain';
import type { DomainRecord } from '@fintech-ledger/journal';
import { ledgerAndAccess } from '../../../testing/modules';

type OrganizationCommand = AccessCommand | DirectoryCommand;
type OrganizationEvent = AccessEvent | DirectoryEvent;
const domain = ledgerAndAccess.domainOf('org-org_1');
const now = '2026-01-02T03:04:05.678Z';
const context = { now, organizationId: 'org_1', newId: (prefix: string) => `${prefix}_1` };

function given(events: readonly OrganizationEvent[]) {
  const state = new Map<string, DomainRecord>();
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
  return (command: OrganizationCommand) => {
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
const later = '2026-06-01T00:00:00.000Z';
const limited = (limits: Pick<ApiKeyFacts, 'allowedIps' | 'expiresAt'>): AccessEvent => ({
  type: 'ApiKeyCreated',
  data: {
    apiKey: { createdAt: now, hmac: 'ab', id: 'key_1', last4: 'wxyz', name: 'web', scopes: ['*'], ...limits },
  },
});
const expired = limited({ expiresAt: now });
const rotateKey = {
  type: 'RotateApiKey',
  apiKeyId: 'key_1',
  hmac: 'cd',
  last4: 'stuv',
  overlapSeconds: 60,
} as const;
const secret = (generation: number, end: string): OlderKeySecret => ({ generation, hmac: 'cd', until: end });
const until = (end: string) => (generation: number) => secret(generation, end);
const rotated = (generation: number, older: readonly OlderKeySecret[], limits = {}): AccessEvent => ({
  type: 'ApiKeyRotated',
  data: {
    apiKey: {
      ...{ createdAt: now, hmac: 'cd', id: 'key_1', last4: 'stuv', name: 'web', scopes: ['*'], ...limits },
      ...{ olderSecrets: older, secretGeneration: generation },
    },
    rotatedAt: now,
  },
});
const sandbox: AccessEvent = {
  type: 'SandboxCreated',
  data: { sandbox: { createdAt: now, id: 'sbx_1', name: 'Staging' } },
};
const opened: AccessEvent = {
  type: 'SandboxOpened',
  data: {
    organization: { createdAt: now, id: 'org_1', name: 'Staging', parentId: 'org_0', sandboxId: 'sbx_0' },
  },
};
const createSandbox = { type: 'CreateSandbox', name: 'Staging', sandboxesMax: 2 } as const;
const openSandbox = { type: 'OpenSandbox', sandboxId: 'sbx_0', parentId: 'org_0', name: 'Staging' } as const;
const revoked: AccessEvent = { type: 'ApiKeyRevoked', data: { apiKeyId: 'key_1', revokedAt: now } };
const declare = { type: 'DeclareUnit', code: 'POINTS', exponent: 2, name: 'Points' } as const;
const unit = {
  type: 'UnitDeclared',
  data: { unit: { code: 'POINTS', createdAt: now, exponent: 2, name: 'Points' } },
} as const satisfies DirectoryEvent;
const books = { createdAt: now, description: null, id: 'led_1', metadata: {}, name: 'Books' };
const used: DirectoryEvent = { type: 'UnitUsed', data: { code: 'POINTS' } };

describe('an organization', () => {
  it.each<[string, readonly OrganizationEvent[], OrganizationCommand, readonly OrganizationEvent[]]>([
    ['is created', [], { type: 'CreateOrganization', name: 'Acme' }, [organization]],
    ['gets a sandbox', [organization, sandbox], createSandbox, [sandbox]],
    [
      'gets one beyond the limit from the installation itself',
      [organization, sandbox, sandbox],
      { type: 'CreateSandbox', name: 'Staging' },
      [sandbox],
    ],
    ['is a sandbox', [], openSandbox, [opened]],
    ['gets a key as a sandbox', [opened], createKey, [key]],
    ['gets a key', [organization], createKey, [key]],
    [
      'gets a key that ends, and opens from some addresses only',
      [organization],
      { ...createKey, expiresAt: later, allowedIps: ['203.0.113.0/24'] },
      [limited({ allowedIps: ['203.0.113.0/24'], expiresAt: later })],
    ],
    ['gets a key without limits', [organization], { ...createKey, expiresAt: null, allowedIps: null }, [key]],
    [
      'gives a key another secret',
      [organization, limited({ expiresAt: later })],
      rotateKey,
      [rotated(2, [{ generation: 1, hmac: 'ab', until: '2026-01-02T03:05:05.678Z' }], { expiresAt: later })],
    ],
    [
      'gives a key another secret beside those that still open',
      [organization, key, rotated(4, [3, 2].map(until(later)).concat([1].map(until(now))))],
      rotateKey,
      [rotated(5, [secret(4, '2026-01-02T03:05:05.678Z'), secret(3, later), secret(2, later)])],
    ],
    [
      'gives a key a secret that opens alone',
      [organization, key, rotated(5, [4, 3, 2, 1].map(until(later)))],
      { ...rotateKey, overlapSeconds: 0 },
      [rotated(6, [])],
    ],
    [
      'revokes a key that has expired',
      [organization, expired],
      { type: 'RevokeApiKey', apiKeyId: 'key_1' },
      [revoked],
    ],
    ['revokes a key', [organization, key], { type: 'RevokeApiKey', apiKeyId: 'key_1' }, [revoked]],
    [
      'revokes a key for one that may do as much',
      [organization, key],
      {
        type: 'RevokeApiKey',
        apiKeyId: 'key_1',
        scopes: grants.filter((grant) => grant.endsWith(':*')),
      },
      [revoked],
    ],
    [
      'gets a ledger',
      [organization],
      { type: 'CreateLedger', name: 'Books' },
      [
        {
          type: 'LedgerCreated',
          data: { ledger: { ...books, managed: null } },
        },
      ],
    ],
    [
      'gets a ledger that a module manages',
      [organization],
      { type: 'CreateLedger', name: 'Books', managed: 'payments' },
      [{ type: 'LedgerCreated', data: { ledger: { ...books, managed: 'payments' } } }],
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

  it.each<[string, readonly OrganizationEvent[], OrganizationCommand]>([
    ['organization_exists', [organization], { type: 'CreateOrganization', name: 'Other' }],
    ['organization_exists', [opened], openSandbox],
    ['organization_exists', [opened], { type: 'CreateOrganization', name: 'Other' }],
    ['organization_not_found', [], createSandbox],
    ['live_key_required', [opened], { ...createSandbox, sandboxesMax: 0 }],
    ['sandbox_limit', [organization, sandbox, sandbox], createSandbox],
    ['organization_not_found', [], createKey],
    ['organization_not_found', [], { type: 'RevokeApiKey', apiKeyId: 'key_1' }],
    ['organization_not_found', [], { type: 'CreateLedger', name: 'Books' }],
    ['organization_not_found', [], { ...declare, code: 'points' }],
    ['organization_not_found', [], { type: 'UseUnit', code: 'POINTS' }],
    ['api_key_exists', [organization, key], createKey],
    ['organization_not_found', [], rotateKey],
    ['api_key_exists', [organization, key], { ...createKey, expiresAt: now }],
    ['expires_in_past', [organization], { ...createKey, expiresAt: now }],
    ['api_key_not_found', [organization], rotateKey],
    ['scope_beyond_own', [organization, key, revoked], { ...rotateKey, scopes: ['keys:write'] }],
    ['api_key_revoked', [organization, expired, revoked], rotateKey],
    ['api_key_expired', [organization, expired], rotateKey],
    [
      'too_many_api_key_secrets',
      [organization, key, rotated(5, [4, 3, 2, 1].map(until('2026-01-02T03:04:05.679Z')))],
      rotateKey,
    ],
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

  it.each<[string, readonly OrganizationEvent[], OrganizationEvent]>([
    ['created twice', [organization], organization],
    ['a key revoked that never was', [organization], revoked],
    ['a key rotated that never was', [organization], rotated(2, [])],
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

  it.each<[OrganizationCommand, OrganizationEvent, object]>([
    [
      { type: 'CreateLedger', name: 'Books' },
      {
        type: 'LedgerCreated',
        data: { ledger: { ...books, managed: null } },
      },
      { id: 'led_1', object: 'ledger', name: 'Books', description: null, metadata: {}, created_at: now },
    ],
    [
      { type: 'CreateLedger', name: 'Books', managed: 'payments' },
      { type: 'LedgerCreated', data: { ledger: { ...books, managed: 'payments' } } },
      {
        id: 'led_1',
        object: 'ledger',
        name: 'Books',
        description: null,
        managed: 'payments',
        metadata: {},
        created_at: now,
      },
    ],
    [declare, unit, { object: 'unit', code: 'POINTS', exponent: 2, name: 'Points', created_at: now }],
    [{ type: 'UseUnit', code: 'POINTS' }, used, { object: 'unit', code: 'POINTS' }],
  ])('answers %j with the text that it had before', (command, event, view) => {
    const request = {
      command,
      stream: 'org-org_1',
      revision: 4,
      events: [event],
      refusedItems: [],
      dryRun: false,
    };
    expect(domain.answer(request)).toBe(JSON.stringify({ ...view, position: 'org_1@4' }));
  });
});
