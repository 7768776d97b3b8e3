import { at, given, startOfTime } from '../../../testing/decider-specification';
import type { Step } from '../../../testing/decider-specification';
import { credit, debit, hold, open, post, transfer } from '../../../testing/ledger/command-builders';
import type { PostTransaction, Precondition } from './commands';
import type { RefusalCode } from './refusals';

const accounts = [
  open('cash', 'asset'),
  open('acme', 'liability', { minBalance: '0' }),
  open('fees', 'revenue'),
  open('euros', 'asset', { currency: 'EUR' }),
  open('owed', 'liability', { currency: 'EUR' }),
];
const order = [debit('cash', '10000'), credit('acme', '9700'), credit('fees', '300')];

describe('posting a transaction', () => {
  it('books every entry, each with its account after it', () => {
    given(...accounts)
      .when(post(order, { description: 'order 1001', reference: 'order-1001', metadata: { b: '1', a: '2' } }))
      .then({
        type: 'TransactionPosted',
        data: {
          entries: [
            {
              account: 'cash',
              accountType: 'asset',
              after: {
                pendingCredits: '0',
                pendingDebits: '0',
                postedCredits: '0',
                postedDebits: '10000',
                version: 2,
              },
              amount: '10000',
              currency: 'USD',
              direction: 'debit',
              effect: 'post',
            },
            { account: 'acme', after: { postedCredits: '9700' } },
            { account: 'fees', after: { postedCredits: '300' } },
          ],
          transaction: {
            description: 'order 1001',
            effectiveAt: startOfTime,
            expiresAt: null,
            id: 'txn_5',
            metadata: { a: '2', b: '1' },
            recordedAt: startOfTime,
            reference: 'order-1001',
            reverses: null,
            status: 'posted',
          },
        },
      });
  });

  it('keeps the business time that was given, in UTC and milliseconds', () => {
    given(...accounts, at('2026-03-01T00:00:00.000Z'))
      .when(post(transfer('cash', 'acme', '1'), { effectiveAt: '2026-02-28T23:30:00.1239-01:00' }))
      .then({
        type: 'TransactionPosted',
        data: {
          transaction: { effectiveAt: '2026-03-01T00:30:00.123Z', recordedAt: '2026-03-01T00:00:00.000Z' },
        },
      });
  });

  it('books several entries on one account in order, as one version of it', () => {
    given(...accounts)
      .when(post([debit('cash', '70'), debit('cash', '30'), credit('cash', '10'), credit('acme', '90')]))
      .then({
        type: 'TransactionPosted',
        data: {
          entries: [
            { after: { postedDebits: '70', postedCredits: '0', version: 2 } },
            { after: { postedDebits: '100', postedCredits: '0', version: 2 } },
            { after: { postedDebits: '100', postedCredits: '10', version: 2 } },
            { account: 'acme' },
          ],
        },
      })
      .andAccount('cash', { postedDebits: 100n, postedCredits: 10n, version: 2 });
  });

  it('balances each currency on its own', () => {
    given(...accounts)
      .when(post([...transfer('cash', 'acme', '100'), ...transfer('euros', 'owed', '90', 'EUR')]))
      .then({ type: 'TransactionPosted' })
      .andAccount('owed', { postedCredits: 90n });
  });

  it('takes 2 to 1,000 entries', () => {
    const thousand = Array.from({ length: 500 }, () => transfer('cash', 'acme', '1')).flat();
    given(...accounts)
      .when(post(thousand))
      .then({ type: 'TransactionPosted' })
      .andAccount('cash', { postedDebits: 500n, version: 2 });
    given(...accounts)
      .when(post([...thousand, debit('cash', '1')]))
      .thenRefused('too_many_entries', '/entries');
    given(...accounts)
      .when(post([debit('cash', '1')]))
      .thenRefused('too_few_entries', '/entries');
    given(...accounts)
      .when(post([]))
      .thenRefused('too_few_entries', '/entries');
  });

  it.each<[string, PostTransaction, RefusalCode, string | null, Record<string, string>]>([
    [
      'one cent',
      post([debit('cash', '100'), credit('acme', '99')]),
      'unbalanced',
      '/entries',
      { currency: 'USD', difference: '1' },
    ],
    [
      'two debits',
      post([debit('cash', '5'), debit('acme', '5')]),
      'unbalanced',
      '/entries',
      { difference: '10' },
    ],
    [
      'two currencies with the same figure',
      post([debit('cash', '5'), credit('owed', '5', 'EUR')]),
      'unbalanced',
      '/entries',
      { currency: 'USD', difference: '5' },
    ],
    [
      'the second currency',
      post([...transfer('cash', 'acme', '1'), debit('euros', '2', 'EUR'), credit('owed', '3', 'EUR')]),
      'unbalanced',
      '/entries',
      { currency: 'EUR', difference: '-1' },
    ],
    [
      'more than is there',
      post([...transfer('cash', 'cash', '1'), ...transfer('acme', 'cash', '1')]),
      'insufficient_funds',
      '/entries/2/account',
      { account: 'acme', available: '0', min_balance: '0' },
    ],
  ])('refuses %s', (_what, command, code, param, meta) => {
    given(...accounts)
      .when(command)
      .thenRefused(code, param)
      .withMeta(meta);
  });
});

describe('bounds', () => {
  const filled = [...accounts, post(transfer('cash', 'acme', '100'))];
  const limited = [open('cash', 'asset'), open('card', 'asset', { minBalance: '-50', maxBalance: '100' })];

  it('are judged on the result, not on the order of entries', () => {
    given(...accounts)
      .when(post([debit('acme', '500'), credit('acme', '600'), debit('cash', '100')]))
      .then({ type: 'TransactionPosted' });
  });

  it('let the last unit go, and not one more', () => {
    given(...filled)
      .when(post(transfer('acme', 'cash', '100')))
      .then({ type: 'TransactionPosted' });
    given(...filled)
      .when(post(transfer('acme', 'cash', '101')))
      .thenRefused('insufficient_funds');
    given(...limited)
      .when(post(transfer('cash', 'card', '50')))
      .then({ type: 'TransactionPosted' });
    given(...limited)
      .when(post(transfer('cash', 'card', '51')))
      .thenRefused('insufficient_funds');
    given(...limited)
      .when(post(transfer('card', 'cash', '100')))
      .then({ type: 'TransactionPosted' });
    given(...limited)
      .when(post(transfer('card', 'cash', '101')))
      .thenRefused('balance_above_maximum');
  });

  it('count what holds may still take away, not what they may bring', () => {
    given(...filled, hold(transfer('acme', 'cash', '60')))
      .when(post(transfer('acme', 'cash', '41')))
      .thenRefused('insufficient_funds');
    given(...filled, hold(transfer('cash', 'acme', '60')))
      .when(post(transfer('acme', 'cash', '101')))
      .thenRefused('insufficient_funds');
  });

  it('leave no room above the maximum for what a release would give back', () => {
    const held = [...limited, post(transfer('card', 'cash', '100')), hold(transfer('cash', 'card', '50'))];
    given(...held)
      .when(post(transfer('card', 'cash', '50')))
      .thenRefused('balance_above_maximum');
    given(...held)
      .when({ type: 'VoidHold', transactionId: 'txn_3' })
      .then({ type: 'HoldVoided' });
  });

  it('let an account that is below its minimum be filled up step by step', () => {
    const overdrawn: Step[] = [
      ...filled,
      post(transfer('acme', 'cash', '100')),
      { type: 'ReverseTransaction', transactionId: 'txn_5', allowOverdraft: true },
    ];
    given(...overdrawn)
      .when(post(transfer('cash', 'acme', '1')))
      .then({ type: 'TransactionPosted' })
      .andAccount('acme', { postedCredits: 101n, postedDebits: 200n });
    given(...overdrawn)
      .when(post(transfer('acme', 'cash', '1')))
      .thenRefused('insufficient_funds');
  });
});

describe('references', () => {
  const taken = [...accounts, post(transfer('cash', 'acme', '1'), { reference: 'r' })];
  it('are unique in the ledger; the holder is named', () => {
    given(...taken)
      .when(post(transfer('cash', 'acme', '1'), { reference: 'r' }))
      .thenRefused('reference_taken', '/reference')
      .withMeta({ transaction: 'txn_5' });
    given(...accounts, hold(transfer('cash', 'acme', '1'), { reference: 'r' }), {
      type: 'VoidHold',
      transactionId: 'txn_5',
    })
      .when(hold(transfer('cash', 'acme', '1'), { reference: 'r' }))
      .thenRefused('reference_taken');
  });
  it('differ by case, and are not burned by a refusal', () => {
    given(...taken)
      .when(post(transfer('cash', 'acme', '1'), { reference: 'R' }))
      .then({ type: 'TransactionPosted' });
    const specification = given(...accounts);
    specification
      .when(post(transfer('acme', 'cash', '1'), { reference: 'n' }))
      .thenRefused('insufficient_funds');
    specification
      .when(post(transfer('cash', 'acme', '1'), { reference: 'n' }))
      .then({ type: 'TransactionPosted' });
  });
});

describe('preconditions', () => {
  // acme: 100 posted, 70 available, version 3.
  const history = [...accounts, post(transfer('cash', 'acme', '100')), hold(transfer('acme', 'cash', '30'))];
  const when = (...preconditions: Precondition[]) =>
    given(...history).when(post(transfer('cash', 'fees', '1'), { preconditions }));

  it.each<[string, Precondition]>([
    ['version', { account: 'acme', version: 3 }],
    ['available at least', { account: 'acme', available: { gte: '70' } }],
    ['available at most', { account: 'acme', available: { lte: '70' } }],
    ['available exactly', { account: 'acme', available: { eq: '70' } }],
    ['posted exactly', { account: 'acme', posted: { eq: '100' } }],
    ['a range', { account: 'acme', posted: { gte: '99', lte: '101' }, available: { gte: '-5' } }],
    ['nothing', { account: 'acme' }],
  ])('hold: %s', (_what, precondition) => {
    when(precondition).then({ type: 'TransactionPosted' });
  });

  it.each<[string, Precondition, RefusalCode, string]>([
    ['a stale version', { account: 'acme', version: 2 }, 'version_conflict', '/preconditions/0/version'],
    [
      'available at least',
      { account: 'acme', available: { gte: '71' } },
      'precondition_failed',
      '/preconditions/0/available/gte',
    ],
    [
      'available at most',
      { account: 'acme', available: { lte: '69' } },
      'precondition_failed',
      '/preconditions/0/available/lte',
    ],
    [
      'available exactly',
      { account: 'acme', available: { eq: '71' } },
      'precondition_failed',
      '/preconditions/0/available/eq',
    ],
    [
      'posted',
      { account: 'acme', posted: { lte: '99' } },
      'precondition_failed',
      '/preconditions/0/posted/lte',
    ],
    [
      'not a balance',
      { account: 'acme', posted: { eq: '1.0' } },
      'invalid_amount',
      '/preconditions/0/posted/eq',
    ],
    ['unknown account', { account: 'nobody' }, 'unknown_account', '/preconditions/0/account'],
  ])('fail: %s', (_what, precondition, code, param) => {
    when(precondition).thenRefused(code, param);
  });

  it('are judged before the effect of the transaction itself, each of them', () => {
    given(...accounts)
      .when(
        post(transfer('cash', 'acme', '5'), { preconditions: [{ account: 'acme', posted: { eq: '0' } }] }),
      )
      .then({ type: 'TransactionPosted' });
    when({ account: 'acme' }, { account: 'cash', version: 9 }).thenRefused(
      'version_conflict',
      '/preconditions/1/version',
    );
  });
});
