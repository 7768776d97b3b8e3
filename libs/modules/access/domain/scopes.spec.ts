import { allows, operatorsScope, scopeBeyond, scopes, scopesOf } from './scopes';

describe('scopes', () => {
  it.each([
    ['ledger:read', 'ledger:read', true],
    ['ledger:read', 'ledger:write', false],
    ['ledger:write', 'ledger:read', true],
    ['ledger:write', 'ledger:admin', false],
    ['ledger:admin', 'ledger:read', true],
    ['ledger:admin', 'ledger:write', true],
    ['ledger:*', 'ledger:admin', true],
    ['ledger:*', 'ops:read', false],
    ['ops:*', 'ops:write', true],
    ['keys:write', 'keys:read', true],
    ['audit:*', 'audit:read', true],
    ['ledger:*', 'audit:read', false],
    ['webhooks:write', 'webhooks:read', true],
    ['webhooks:read', 'webhooks:write', false],
    ['organization:admin', 'organization:read', true],
    ['organization:read', 'organization:admin', false],
    ['organization:*', 'organization:admin', true],
    ['organization:write', 'organization:admin', false],
    ['splits:admin', 'splits:write', true],
    ['events:admin', 'events:read', true],
    ['plugins:*', 'plugins:admin', true],
    ['fraud:read', 'fraud:write', false],
  ] as const)('%s allows %s: %s', (granted, wanted, expected) => {
    expect(allows([granted], wanted)).toBe(expected);
  });

  it('lets * do everything', () => {
    for (const scope of scopes) expect(allows(['*'], scope)).toBe(true);
  });

  it.each(['ledger:reed', 'constructor', ''])('gives nobody what there is not: %s', (unknown) => {
    expect(allows(['*'], unknown)).toBe(false);
  });

  it('lists what a grant covers', () => {
    expect([...scopesOf(['ledger:admin', 'ops:*', 'unknown'])]).toEqual([
      'ledger:read',
      'ledger:write',
      'ledger:admin',
      'ops:read',
      'ops:write',
      'ops:admin',
    ]);
  });

  it('over the installation are of its operator alone, whatever a key was granted', () => {
    for (const granted of [['*'], ['ops:*', 'keys:*']])
      expect([...scopesOf(granted, false)].filter((scope) => scope.startsWith('ops:'))).toEqual([]);
    expect(scopesOf(['*'], false).size).toBe(scopes.length - 3);
    expect(operatorsScope(['*', 'ledger:*'])).toBeUndefined();
    expect([operatorsScope(['ledger:read', 'ops:*']), operatorsScope(['ops:write'])]).toEqual([
      'ops:read',
      'ops:read',
    ]);
  });

  it('finds what nobody may hand on', () => {
    expect(scopeBeyond(['ledger:read', 'keys:write'], ['ledger:*'])).toBe('ledger:write');
    expect(scopeBeyond(['*'], ['*'])).toBeUndefined();
    expect(scopeBeyond(['ops:*'], ['ops:read', 'ops:write'])).toBeUndefined();
  });
});
