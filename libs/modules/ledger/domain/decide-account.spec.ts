import { at, given } from '../../../testing/decider-specification';
import type { ExpectedEvent, Step } from '../../../testing/decider-specification';
import { hold, open, post, transfer } from '../../../testing/ledger/command-builders';
import type { LedgerCommand } from './commands';
import type { RefusalCode } from './refusals';

const wallet = open('users:1:wallet', 'liability');
const cash = open('cash', 'asset');
const address = 'users:1:wallet';
const of = (type: 'FreezeAccount' | 'UnfreezeAccount' | 'CloseAccount' | 'ReopenAccount') =>
  ({ type, address }) as const;
const amend = (terms: object): LedgerCommand => ({ type: 'AmendAccount', address, ...terms });
const paidIn = [cash, wallet, post(transfer('cash', address, '100'))];

describe('opening an account', () => {
  it('says all of its terms, with nothing booked', () => {
    given(at('2026-02-03T04:05:06.789Z'))
      .when(
        open(address, 'liability', { minBalance: '-50', maxBalance: '900', metadata: { b: '2', a: '1' } }),
      )
      .then({
        type: 'AccountOpened',
        data: {
          account: {
            address,
            currency: 'USD',
            maxBalance: '900',
            metadata: { a: '1', b: '2' },
            minBalance: '-50',
            openedAt: '2026-02-03T04:05:06.789Z',
            status: 'open',
            type: 'liability',
          },
          version: 1,
        },
      })
      .andAccount(address, { postedDebits: 0n, postedCredits: 0n, pendingDebits: 0n, version: 1 });
  });

  it.each<[string, Step[], LedgerCommand, RefusalCode, string]>([
    ['an empty address', [], open('', 'asset'), 'invalid_address', '/address'],
    ['an empty segment', [], open('a::b', 'asset'), 'invalid_address', '/address'],
    ['a colon at the end', [], open('a:', 'asset'), 'invalid_address', '/address'],
    ['a space', [], open('a b', 'asset'), 'invalid_address', '/address'],
    ['a line feed at the end', [], open('a\n', 'asset'), 'invalid_address', '/address'],
    ['256 characters', [], open('a'.repeat(256), 'asset'), 'invalid_address', '/address'],
    ['an address that is taken', [wallet], wallet, 'account_exists', '/address'],
    ['a taken address, other terms', [wallet], open(address, 'asset'), 'account_exists', '/address'],
    [
      'a currency that is no code',
      [],
      open('a', 'asset', { currency: 'usd' }),
      'invalid_currency',
      '/currency',
    ],
    [
      'a code too long',
      [],
      open('a', 'asset', { currency: 'U'.repeat(25) }),
      'invalid_currency',
      '/currency',
    ],
    [
      'a bound that is no number',
      [],
      open('a', 'asset', { minBalance: '1.5' }),
      'invalid_bounds',
      '/min_balance',
    ],
    ['a bound of -0', [], open('a', 'asset', { maxBalance: '-0' }), 'invalid_bounds', '/max_balance'],
    [
      'a bound of 37 digits',
      [],
      open('a', 'asset', { maxBalance: '9'.repeat(37) }),
      'invalid_bounds',
      '/max_balance',
    ],
    [
      'a minimum above the maximum',
      [],
      open('a', 'asset', { minBalance: '1', maxBalance: '0' }),
      'invalid_bounds',
      '/min_balance',
    ],
    ['a minimum above zero', [], open('a', 'asset', { minBalance: '1' }), 'bound_violated', '/min_balance'],
    ['a maximum below zero', [], open('a', 'asset', { maxBalance: '-1' }), 'bound_violated', '/max_balance'],
  ])('refuses %s', (_what, history, command, code, param) => {
    given(...history)
      .when(command)
      .thenRefused(code, param);
  });

  it.each(['a', 'A-b_9:c', 'a'.repeat(255), '__proto__', 'constructor:prototype'])(
    'accepts the address %s',
    (name) => {
      given().when(open(name, 'asset')).then({ type: 'AccountOpened' }).andAccount(name, { address: name });
    },
  );
});

describe('amending an account', () => {
  it.each<[string, Step[], object, ExpectedEvent]>([
    [
      'leaves what is absent',
      [open(address, 'liability', { minBalance: '0', metadata: { a: '1' } })],
      { maxBalance: '5' },
      {
        type: 'AccountAmended',
        data: { account: { minBalance: '0', maxBalance: '5', metadata: { a: '1' } }, version: 2 },
      },
    ],
    [
      'removes a bound with null',
      [open(address, 'liability', { minBalance: '0' })],
      { minBalance: null },
      { type: 'AccountAmended', data: { account: { minBalance: null } } },
    ],
    [
      'sets a bound to just what is there',
      paidIn,
      { minBalance: '100', maxBalance: '100' },
      { type: 'AccountAmended', data: { account: { minBalance: '100', maxBalance: '100' } } },
    ],
  ])('%s', (_what, history, terms, event) => {
    given(...history)
      .when(amend(terms))
      .then(event);
  });

  it.each([{}, { metadata: {} }])('records nothing when %j asks for nothing', (terms) => {
    given(open(address, 'liability', { minBalance: '-5' }), of('FreezeAccount'))
      .when(amend(terms))
      .then()
      .answeredAs({
        type: 'AccountAmended',
        data: { account: { minBalance: '-5', status: 'frozen' }, version: 2 },
      })
      .andAccount(address, { version: 2 });
  });

  it('records what was asked for also where it is so, for the sake of its idempotency key', () => {
    given(open(address, 'liability', { minBalance: '-5' }))
      .when(amend({ minBalance: '-5' }))
      .then({ type: 'AccountAmended', data: { version: 2 } });
  });

  it('merges metadata by key; null removes a key', () => {
    const [event] = given(open(address, 'liability', { metadata: { z: '1', b: '2', c: '3' } }))
      .when(amend({ metadata: { c: null, a: 'new', z: 'changed', gone: null } }))
      .then({ type: 'AccountAmended' }).events;
    expect(JSON.stringify(event?.data)).toContain('"metadata":{"a":"new","b":"2","z":"changed"}');
  });

  it('keeps a metadata key that JavaScript gives a meaning', () => {
    const metadata = JSON.parse('{"__proto__":"x"}') as Record<string, string>;
    const [event] = given(wallet).when(amend({ metadata })).then({ type: 'AccountAmended' }).events;
    expect(JSON.stringify(event?.data)).toContain('"metadata":{"__proto__":"x"}');
  });

  it.each<[string, Step[], object, RefusalCode, string]>([
    ['a minimum above what is there', paidIn, { minBalance: '101' }, 'bound_violated', '/min_balance'],
    ['a maximum below what is there', paidIn, { maxBalance: '99' }, 'bound_violated', '/max_balance'],
    [
      'a minimum above what holds leave',
      [...paidIn, hold(transfer(address, 'cash', '30'))],
      { minBalance: '71' },
      'bound_violated',
      '/min_balance',
    ],
    [
      'a maximum that a release would cross',
      [...paidIn, hold(transfer(address, 'cash', '30'))],
      { maxBalance: '99' },
      'bound_violated',
      '/max_balance',
    ],
    [
      'a minimum above the maximum there is',
      [open(address, 'liability', { maxBalance: '5' })],
      { minBalance: '6' },
      'invalid_bounds',
      '/min_balance',
    ],
    ['a bound that is no number', [wallet], { maxBalance: '1e3' }, 'invalid_bounds', '/max_balance'],
  ])('refuses %s', (_what, history, terms, code, param) => {
    given(...history)
      .when(amend(terms))
      .thenRefused(code, param);
  });
});

describe('freezing, closing and reopening', () => {
  it.each<[string, Step[], LedgerCommand, ExpectedEvent]>([
    [
      'freezes',
      [wallet],
      of('FreezeAccount'),
      { type: 'AccountFrozen', data: { account: { status: 'frozen' }, version: 2 } },
    ],
    [
      'unfreezes',
      [wallet, of('FreezeAccount')],
      of('UnfreezeAccount'),
      { type: 'AccountUnfrozen', data: { account: { status: 'open' }, version: 3 } },
    ],
    [
      'closes',
      [wallet],
      of('CloseAccount'),
      { type: 'AccountClosed', data: { account: { status: 'closed' } } },
    ],
    ['closes when frozen', [wallet, of('FreezeAccount')], of('CloseAccount'), { type: 'AccountClosed' }],
    [
      'closes when emptied',
      [...paidIn, post(transfer(address, 'cash', '100'))],
      of('CloseAccount'),
      { type: 'AccountClosed', data: { version: 4 } },
    ],
    [
      'reopens',
      [wallet, of('CloseAccount')],
      of('ReopenAccount'),
      { type: 'AccountReopened', data: { account: { status: 'open' } } },
    ],
    ['freezes with money on it', paidIn, of('FreezeAccount'), { type: 'AccountFrozen' }],
  ])('%s', (_what, history, command, event) => {
    given(...history)
      .when(command)
      .then(event);
  });

  it.each<[string, Step[], LedgerCommand, RefusalCode]>([
    ['freezing a frozen one', [wallet, of('FreezeAccount')], of('FreezeAccount'), 'account_not_open'],
    ['freezing a closed one', [wallet, of('CloseAccount')], of('FreezeAccount'), 'account_not_open'],
    ['unfreezing an open one', [wallet], of('UnfreezeAccount'), 'account_not_frozen'],
    ['unfreezing a closed one', [wallet, of('CloseAccount')], of('UnfreezeAccount'), 'account_not_frozen'],
    ['closing a closed one', [wallet, of('CloseAccount')], of('CloseAccount'), 'account_not_open'],
    ['closing with money on it', paidIn, of('CloseAccount'), 'account_not_empty'],
    [
      'closing with a pending credit',
      [cash, wallet, hold(transfer('cash', address, '1'))],
      of('CloseAccount'),
      'account_not_empty',
    ],
    [
      'closing with a pending debit',
      [cash, wallet, hold(transfer(address, 'cash', '1'))],
      of('CloseAccount'),
      'account_not_empty',
    ],
    ['reopening an open one', [wallet], of('ReopenAccount'), 'account_not_closed'],
    ['reopening a frozen one', [wallet, of('FreezeAccount')], of('ReopenAccount'), 'account_not_closed'],
    ['freezing what is not there', [], of('FreezeAccount'), 'account_not_found'],
    ['unfreezing what is not there', [], of('UnfreezeAccount'), 'account_not_found'],
    ['closing what is not there', [], of('CloseAccount'), 'account_not_found'],
    ['reopening what is not there', [], of('ReopenAccount'), 'account_not_found'],
    ['amending what is not there', [], amend({}), 'account_not_found'],
    ['amending a bad address', [], { type: 'AmendAccount', address: ':' }, 'invalid_address'],
  ])('refuses %s', (_what, history, command, code) => {
    given(...history)
      .when(command)
      .thenRefused(code);
  });
});

describe('changing the terms of an account without the scope ledger:admin', () => {
  const withoutScope = (command: LedgerCommand): LedgerCommand =>
    ({ ...command, mayChangeTerms: false }) as LedgerCommand;
  const bounded = open(address, 'liability', { minBalance: '0', maxBalance: '900' });

  it.each<[string, Step[], LedgerCommand]>([
    ['lifting a minimum', [bounded], amend({ minBalance: null })],
    ['lowering a minimum', [bounded], amend({ minBalance: '-1' })],
    ['raising a maximum', [bounded], amend({ maxBalance: '901' })],
    ['setting a bound where there is none', [wallet], amend({ maxBalance: '1' })],
    ['a bound together with metadata', [bounded], amend({ metadata: { a: '1' }, minBalance: null })],
    ['a bound that is violated', [bounded], amend({ minBalance: '5' })],
    ['freezing', [wallet], of('FreezeAccount')],
    ['unfreezing', [wallet, of('FreezeAccount')], of('UnfreezeAccount')],
    ['closing', [wallet], of('CloseAccount')],
    ['reopening', [wallet, of('CloseAccount')], of('ReopenAccount')],
  ])('refuses %s', (_what, history, command) => {
    given(...history)
      .when(withoutScope(command))
      .thenRefused('scope_beyond_own');
  });

  it.each<[string, object]>([
    ['metadata', { metadata: { a: '1' } }],
    ['bounds as they are', { minBalance: '0', maxBalance: '900', metadata: { a: '1' } }],
  ])('takes %s', (_what, terms) => {
    given(bounded)
      .when(withoutScope(amend(terms)))
      .then({ type: 'AccountAmended', data: { account: { minBalance: '0', metadata: { a: '1' } } } });
  });
});
