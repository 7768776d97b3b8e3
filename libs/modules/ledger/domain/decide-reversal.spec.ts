import { at, given } from '../../../testing/decider-specification';
import type { Step } from '../../../testing/decider-specification';
import { credit, debit, hold, open, post, transfer } from '../../../testing/ledger/command-builders';
import type { EntryRequest, LedgerCommand, ReverseTransaction } from './commands';
import type { RefusalCode } from './refusals';

const accounts = [
  open('cash', 'asset'),
  open('acme', 'liability', { minBalance: '0' }),
  open('fees', 'revenue'),
];
const id = 'txn_3';
const simple: Step[] = [...accounts, post(transfer('cash', 'acme', '100'), { reference: 'r' })];
const split: Step[] = [...accounts, post([debit('cash', '100'), credit('acme', '97'), credit('fees', '3')])];
const dueTime = '2026-01-02T00:00:00.000Z';
const held: Step[] = [...accounts, hold(transfer('cash', 'acme', '100'), { expiresAt: dueTime })];

const reverse = (terms: Partial<ReverseTransaction> = {}): ReverseTransaction => ({
  type: 'ReverseTransaction',
  transactionId: id,
  ...terms,
});
const entries = (...of: EntryRequest[]) => reverse({ entries: of });
const capture = (amount: string, final = false): LedgerCommand => ({
  type: 'CaptureHold',
  transactionId: id,
  amount,
  final,
});
const voidHold: LedgerCommand = { type: 'VoidHold', transactionId: id };

describe('reversing a transaction', () => {
  it('is a new one the other way round, linked both ways', () => {
    given(...simple, at('2026-05-01T00:00:00.000Z'))
      .when(
        reverse({
          description: 'mistake',
          effectiveAt: '2026-04-30T00:00:00Z',
          metadata: { z: '1', a: '2' },
        }),
      )
      .then({
        type: 'TransactionReversed',
        data: {
          entries: [
            {
              account: 'cash',
              direction: 'credit',
              amount: '100',
              effect: 'post',
              after: { postedCredits: '100', version: 3 },
            },
            { account: 'acme', direction: 'debit', amount: '100', after: { postedDebits: '100' } },
          ],
          original: { id, lineCount: 2, lines: [{ index: 0, reversed: '100' }, { reversed: '100' }] },
          transaction: {
            description: 'mistake',
            effectiveAt: '2026-04-30T00:00:00.000Z',
            id: 'txn_4',
            metadata: { a: '2', z: '1' },
            recordedAt: '2026-05-01T00:00:00.000Z',
            reference: null,
            reverses: id,
            status: 'posted',
          },
        },
      })
      .andTransaction(id, {
        id,
        reference: 'r',
        reversedBy: ['txn_4'],
        lines: [{ reversed: '100' }, { reversed: '100' }],
        status: 'posted',
      });
  });

  it('goes in parts, up to what is not yet reversed', () => {
    given(...simple, reverse({ amount: '30' }))
      .when(reverse({ amount: '70' }))
      .then({
        type: 'TransactionReversed',
        data: { original: { lines: [{ reversed: '100' }, {}] } },
      })
      .andTransaction(id, { reversedBy: ['txn_4', 'txn_5'] });
    given(...simple, reverse({ amount: '30' }))
      .when(reverse())
      .then({ type: 'TransactionReversed', data: { entries: [{ amount: '70' }, { amount: '70' }] } });
    given(...simple, reverse({ amount: '30' }))
      .when(reverse({ amount: '71' }))
      .thenRefused('reversal_exceeded', '/amount');
  });

  it('goes by entries, named in the direction of the reversed one', () => {
    given(...split)
      .when(entries(debit('cash', '3'), credit('fees', '3')))
      .then({
        type: 'TransactionReversed',
        data: {
          entries: [
            { account: 'cash', direction: 'credit', amount: '3' },
            { account: 'fees', direction: 'debit', amount: '3' },
          ],
          original: { lines: [{ reversed: '3' }, { reversed: '0' }, { reversed: '3' }] },
        },
      });
  });

  it('can be reversed itself, and then again', () => {
    given(...simple, reverse())
      .when(reverse({ transactionId: 'txn_4' }))
      .then({
        type: 'TransactionReversed',
        data: {
          original: { id: 'txn_4' },
          transaction: { reverses: 'txn_4' },
        },
      })
      .andTransaction('txn_4', { id: 'txn_4', reverses: id, reversedBy: ['txn_5'] })
      .andAccount('acme', { postedCredits: 200n, postedDebits: 100n });
    given(...simple, reverse(), reverse({ transactionId: 'txn_4', amount: '40' }))
      .when(reverse({ transactionId: 'txn_5' }))
      .then({ type: 'TransactionReversed', data: { entries: [{ amount: '40' }, { amount: '40' }] } });
    given(...simple, reverse(), reverse({ transactionId: 'txn_4' }))
      .when(reverse())
      .thenRefused('already_reversed');
  });

  it('takes back what was captured of a hold, also while the rest is pending', () => {
    given(...held, capture('40'))
      .when(reverse())
      .then({
        type: 'TransactionReversed',
        data: {
          entries: [{ amount: '40' }, {}],
          original: { lines: [{ held: '60', captured: '40', reversed: '40' }, {}] },
        },
      })
      .andTransaction(id, { status: 'pending', isHold: true });
    given(...held, capture('40'), reverse())
      .when(capture('60'))
      .then({ type: 'HoldCaptured' });
    given(...held, capture('40'), reverse(), capture('60'))
      .when(reverse())
      .then({ type: 'TransactionReversed', data: { entries: [{ amount: '60' }, {}] } });
    given(...held, capture('40'), voidHold)
      .when(reverse({ amount: '41' }))
      .thenRefused('reversal_exceeded', '/amount');
  });

  it('keeps to bounds, unless overdraft is allowed', () => {
    const spent: Step[] = [...simple, post(transfer('acme', 'cash', '1'))];
    given(...spent)
      .when(reverse())
      .thenRefused('insufficient_funds');
    given(...spent)
      .when(reverse({ amount: '99' }))
      .then({ type: 'TransactionReversed' });
    given(...spent)
      .when(reverse({ allowOverdraft: true }))
      .then({ type: 'TransactionReversed' })
      .andAccount('acme', { postedCredits: 100n, postedDebits: 101n });
    const capped: Step[] = [
      ...simple,
      post(transfer('acme', 'cash', '100')),
      { type: 'AmendAccount', address: 'acme', maxBalance: '0' },
    ];
    given(...capped)
      .when(reverse({ transactionId: 'txn_4' }))
      .thenRefused('balance_above_maximum');
    given(...capped)
      .when(reverse({ transactionId: 'txn_4', allowOverdraft: true }))
      .then({ type: 'TransactionReversed' });
  });

  it.each<[string, Step[], LedgerCommand, RefusalCode, string | null]>([
    ['what is not there', simple, reverse({ transactionId: 'txn_0' }), 'transaction_not_found', null],
    ['twice', [...simple, reverse()], reverse(), 'already_reversed', null],
    ['what is held', held, reverse(), 'transaction_pending', null],
    ['what was voided', [...held, voidHold], reverse(), 'already_voided', null],
    [
      'what expired',
      [...held, at(dueTime), { type: 'ExpireHolds', transactionIds: [id] }],
      reverse(),
      'hold_expired',
      null,
    ],
    [
      'all that was captured so far, twice',
      [...held, capture('1'), reverse()],
      reverse(),
      'already_reversed',
      null,
    ],
    ['at a time that is none', simple, reverse({ effectiveAt: 'now' }), 'invalid_time', '/effective_at'],
    ['an amount of 1.5', simple, reverse({ amount: '1.5' }), 'invalid_amount', '/amount'],
    ['more than there was', simple, reverse({ amount: '101' }), 'reversal_exceeded', '/amount'],
    ['an amount of a split', split, reverse({ amount: '1' }), 'amount_needs_two_entries', '/amount'],
    ['one entry', split, entries(debit('cash', '1')), 'too_few_entries', '/entries'],
    [
      'an entry above its amount',
      split,
      entries(debit('cash', '4'), credit('fees', '4')),
      'reversal_exceeded',
      '/entries/1/amount',
    ],
    [
      'an entry that it does not have',
      split,
      entries(credit('cash', '1'), credit('fees', '1')),
      'entry_not_in_transaction',
      '/entries/0',
    ],
    [
      'entries that do not balance',
      split,
      entries(debit('cash', '1'), credit('fees', '2')),
      'unbalanced',
      '/entries',
    ],
    [
      'on a frozen account',
      [...simple, { type: 'FreezeAccount', address: 'cash' }],
      reverse(),
      'account_frozen',
      null,
    ],
    [
      'on a closed account, also with overdraft allowed',
      [...simple, post(transfer('acme', 'cash', '100')), { type: 'CloseAccount', address: 'acme' }],
      reverse({ allowOverdraft: true }),
      'account_closed',
      null,
    ],
  ])('is refused: %s', (_what, history, command, code, param) => {
    given(...history)
      .when(command)
      .thenRefused(code, param);
  });

  it('names what has reversed it', () => {
    given(...simple, reverse({ amount: '1' }), reverse())
      .when(reverse())
      .thenRefused('already_reversed')
      .withMeta({ reversed_by: 'txn_4 txn_5' });
  });
});
