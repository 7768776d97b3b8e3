import { at, given, startOfTime } from '../../../testing/decider-specification';
import type { ExpectedEvent, Step } from '../../../testing/decider-specification';
import { credit, debit, hold, open, post, transfer } from '../../../testing/ledger/command-builders';
import type { CaptureHold, EntryRequest, ExpireHolds, LedgerCommand, VoidHold } from './commands';
import type { RefusalCode } from './refusals';

const accounts = [
  open('cash', 'asset'),
  open('acme', 'liability', { minBalance: '0' }),
  open('fees', 'revenue'),
  post(transfer('cash', 'acme', '100')),
];
// The hold of every history: 80 of acme's 100.
const id = 'txn_4';
const simple: Step[] = [...accounts, hold(transfer('acme', 'cash', '80'))];
const split: Step[] = [...accounts, hold([debit('acme', '80'), credit('cash', '70'), credit('fees', '10')])];
const dueTime = '2026-01-02T00:00:00.000Z';
const beforeDue = '2026-01-01T23:59:59.999Z';
const due: Step[] = [...accounts, hold(transfer('acme', 'cash', '80'), { expiresAt: dueTime })];

const capture = (terms: Partial<CaptureHold> = {}): CaptureHold => ({
  type: 'CaptureHold',
  transactionId: id,
  ...terms,
});
const voidHold: VoidHold = { type: 'VoidHold', transactionId: id };
const expire: ExpireHolds = { type: 'ExpireHolds', transactionIds: [id] };
const part = (amount: string) => capture({ amount, final: false });
const freeze = (address: string) => ({ type: 'FreezeAccount', address }) as const;

describe('placing a hold', () => {
  it('reserves and posts nothing', () => {
    given(...accounts)
      .when(hold(transfer('acme', 'cash', '80'), { expiresAt: '2026-01-02T01:00:00+01:00', reference: 'h' }))
      .then({
        type: 'HoldPlaced',
        data: {
          entries: [
            { effect: 'hold', after: { pendingDebits: '80', postedDebits: '0', postedCredits: '100' } },
            { effect: 'hold', after: { pendingCredits: '80', postedDebits: '100' } },
          ],
          transaction: { id, status: 'pending', expiresAt: dueTime, reference: 'h' },
        },
      });
  });

  it('is refused for more than is available', () => {
    given(...simple)
      .when(hold(transfer('acme', 'cash', '21')))
      .thenRefused('insufficient_funds');
    given(...simple)
      .when(hold(transfer('acme', 'cash', '20')))
      .then({ type: 'HoldPlaced' });
  });
});

describe('capturing a hold', () => {
  it('books the whole by default', () => {
    given(...simple)
      .when(capture())
      .then({
        type: 'HoldCaptured',
        data: {
          entries: [
            {
              account: 'acme',
              effect: 'capture',
              amount: '80',
              after: { pendingDebits: '0', postedDebits: '80' },
            },
            {
              account: 'cash',
              effect: 'capture',
              amount: '80',
              after: { pendingCredits: '0', postedCredits: '80' },
            },
          ],
          lineCount: 2,
          lines: [
            { index: 0, held: '0', captured: '80' },
            { index: 1, held: '0', captured: '80' },
          ],
          transaction: { id, status: 'posted' },
        },
      })
      .andTransaction(id, { isHold: true, status: 'posted', lines: [{ captured: '80' }, {}] });
  });

  it('releases the rest of a part, as one version of each account', () => {
    given(...simple)
      .when(capture({ amount: '30' }))
      .then({
        type: 'HoldCaptured',
        data: {
          entries: [
            {
              account: 'acme',
              effect: 'capture',
              amount: '30',
              after: { pendingDebits: '50', postedDebits: '30', version: 4 },
            },
            { account: 'cash', effect: 'capture', amount: '30' },
            {
              account: 'acme',
              effect: 'release',
              amount: '50',
              after: { pendingDebits: '0', postedDebits: '30', version: 4 },
            },
            { account: 'cash', effect: 'release', amount: '50' },
          ],
          lines: [{ amount: '80', held: '0', captured: '30' }, {}],
          transaction: { status: 'posted' },
        },
      });
  });

  it('keeps the rest when it is not final, for as many captures as it lasts', () => {
    given(...simple, part('30'), part('20'))
      .when(part('29'))
      .then({
        type: 'HoldCaptured',
        data: {
          entries: [{ amount: '29' }, {}],
          lines: [{ held: '1', captured: '79' }, {}],
          transaction: { status: 'pending' },
        },
      });
    given(...simple, part('30'), part('49'))
      .when(part('1'))
      .then({
        type: 'HoldCaptured',
        data: { lines: [{ held: '0', captured: '80' }, {}], transaction: { status: 'posted' } },
      })
      .andAccount('acme', { pendingDebits: 0n, postedDebits: 80n });
    given(...simple, part('30'))
      .when(capture({ final: true }))
      .then({ type: 'HoldCaptured', data: { entries: [{ amount: '50' }, { amount: '50' }] } });
  });

  it('takes of each entry what is named', () => {
    given(...split)
      .when(capture({ entries: [debit('acme', '40'), credit('cash', '40')], final: false }))
      .then({
        type: 'HoldCaptured',
        data: {
          entries: [
            { account: 'acme', amount: '40' },
            { account: 'cash', amount: '40' },
          ],
          lines: [
            { held: '40', captured: '40' },
            { held: '30', captured: '40' },
            { held: '10', captured: '0' },
          ],
          transaction: { status: 'pending' },
        },
      });
    given(...split)
      .when(capture({ entries: [credit('fees', '10'), debit('acme', '10')] }))
      .then({
        type: 'HoldCaptured',
        data: {
          entries: [
            { account: 'acme', effect: 'capture', amount: '10' },
            { account: 'fees', effect: 'capture', amount: '10' },
            { account: 'acme', effect: 'release', amount: '70' },
            { account: 'cash', effect: 'release', amount: '70' },
          ],
        },
      });
  });

  it('takes from lines that are alike in their order', () => {
    given(...accounts, hold([debit('acme', '10'), debit('acme', '20'), credit('cash', '30')]))
      .when(capture({ entries: [debit('acme', '15'), credit('cash', '15')], final: false }))
      .then({
        type: 'HoldCaptured',
        data: {
          lines: [{ captured: '10', held: '0' }, { captured: '5', held: '15' }, { captured: '15' }],
        },
      });
  });

  it('judges what it adds by the maximum', () => {
    const limited: Step[] = [
      ...accounts,
      open('pot', 'liability', { maxBalance: '100' }),
      hold(transfer('cash', 'pot', '60')),
      post(transfer('cash', 'pot', '50')),
    ];
    const of = (amount: string) => capture({ transactionId: 'txn_5', amount });
    given(...limited)
      .when(of('51'))
      .thenRefused('balance_above_maximum');
    given(...limited)
      .when(of('50'))
      .then({ type: 'HoldCaptured' })
      .andAccount('pot', { postedCredits: 100n });
  });

  const entries = (...of: EntryRequest[]) => capture({ entries: of });
  it.each<[string, Step[], LedgerCommand, RefusalCode, string | null]>([
    ['more than is held', simple, capture({ amount: '81' }), 'hold_exceeded', '/amount'],
    [
      'more than earlier captures left',
      [...simple, part('30')],
      capture({ amount: '51' }),
      'hold_exceeded',
      '/amount',
    ],
    ['an amount of zero', simple, capture({ amount: '0' }), 'invalid_amount', '/amount'],
    ['an amount of a split hold', split, capture({ amount: '1' }), 'amount_needs_two_entries', '/amount'],
    ['one entry', split, entries(debit('acme', '1')), 'too_few_entries', '/entries'],
    [
      '1,001 entries',
      split,
      entries(...Array<EntryRequest>(1_001).fill(debit('acme', '1'))),
      'too_many_entries',
      '/entries',
    ],
    [
      'an entry above the hold',
      split,
      entries(debit('acme', '11'), credit('fees', '11')),
      'hold_exceeded',
      '/entries/1/amount',
    ],
    [
      'an entry named twice, together above',
      split,
      entries(debit('acme', '41'), debit('acme', '40')),
      'hold_exceeded',
      '/entries/1/amount',
    ],
    [
      'an entry with a bad amount',
      split,
      entries(debit('acme', '-1'), credit('fees', '1')),
      'invalid_amount',
      '/entries/0/amount',
    ],
    [
      'an entry of another account',
      split,
      entries(debit('nobody', '1'), credit('fees', '1')),
      'entry_not_in_transaction',
      '/entries/0',
    ],
    [
      'an entry in the other direction',
      split,
      entries(credit('acme', '1'), credit('fees', '1')),
      'entry_not_in_transaction',
      '/entries/0',
    ],
    [
      'an entry in another currency',
      split,
      entries(debit('acme', '1', 'EUR'), credit('fees', '1')),
      'entry_not_in_transaction',
      '/entries/0',
    ],
    [
      'entries that do not balance',
      split,
      entries(debit('acme', '2'), credit('fees', '1')),
      'unbalanced',
      '/entries',
    ],
    ['twice', [...simple, capture()], capture(), 'already_captured', null],
    [
      'after a final part',
      [...simple, capture({ amount: '1' })],
      capture({ amount: '1' }),
      'already_captured',
      null,
    ],
    ['after all was captured in parts', [...simple, part('80')], part('1'), 'already_captured', null],
    ['after void', [...simple, voidHold], capture(), 'already_voided', null],
    ['after void of what was left', [...simple, part('1'), voidHold], capture(), 'already_captured', null],
    ['at its expiry', [...due, at(dueTime)], capture(), 'hold_expired', null],
    ['after it was released', [...due, at(dueTime), expire], capture(), 'hold_expired', null],
    ['the rest, after expiry', [...due, part('1'), at(dueTime), expire], capture(), 'hold_expired', null],
    [
      'what was captured whole, after its time',
      [...due, capture(), at(dueTime)],
      capture(),
      'already_captured',
      null,
    ],
    ['what was posted at once', simple, capture({ transactionId: 'txn_3' }), 'not_a_hold', null],
    ['what is not there', simple, capture({ transactionId: 'txn_0' }), 'transaction_not_found', null],
    ['to a frozen account', [...simple, freeze('cash')], capture(), 'account_frozen', null],
  ])('is refused: %s', (_what, history, command, code, param) => {
    given(...history)
      .when(command)
      .thenRefused(code, param);
  });

  it('works up to the last moment', () => {
    given(...due, at(beforeDue))
      .when(capture())
      .then({ type: 'HoldCaptured' });
  });
});

describe('voiding a hold', () => {
  it.each<[string, Step[], LedgerCommand, ExpectedEvent]>([
    [
      'releases all of it',
      simple,
      voidHold,
      {
        type: 'HoldVoided',
        data: {
          entries: [
            { account: 'acme', effect: 'release', amount: '80', after: { pendingDebits: '0' } },
            { account: 'cash' },
          ],
          transaction: { status: 'voided', lines: [{ amount: '80', held: '0', captured: '0' }, {}] },
        },
      },
    ],
    [
      'leaves what was captured, and then it is posted',
      [...simple, part('30')],
      voidHold,
      {
        type: 'HoldVoided',
        data: {
          entries: [{ amount: '50' }, { amount: '50' }],
          transaction: { status: 'posted', lines: [{ captured: '30' }, {}] },
        },
      },
    ],
    [
      'is allowed on frozen accounts',
      [...simple, freeze('acme'), freeze('cash')],
      voidHold,
      { type: 'HoldVoided' },
    ],
    [
      'is allowed just before expiry',
      [...due, at(beforeDue)],
      voidHold,
      { type: 'HoldVoided', data: { transaction: { status: 'voided' } } },
    ],
    [
      'records the release from its expiry on',
      [...due, at(dueTime)],
      voidHold,
      {
        type: 'HoldExpired',
        data: { entries: [{ effect: 'release', amount: '80' }, {}], transaction: { status: 'expired' } },
      },
    ],
    [
      'records the release of what is left from its expiry on',
      [...due, part('30'), at(dueTime)],
      voidHold,
      { type: 'HoldExpired', data: { entries: [{ amount: '50' }, {}], transaction: { status: 'posted' } } },
    ],
  ])('%s', (_what, history, command, event) => {
    given(...history)
      .when(command)
      .then(event);
  });

  it.each<[string, Step[], LedgerCommand, RefusalCode]>([
    ['twice', [...simple, voidHold], voidHold, 'already_voided'],
    ['after capture', [...simple, capture()], voidHold, 'already_captured'],
    ['after its expiry was recorded', [...due, at(dueTime), expire], voidHold, 'hold_expired'],
    ['twice, from its expiry on', [...due, at(dueTime), voidHold], voidHold, 'hold_expired'],
    ['of what was posted at once', simple, { type: 'VoidHold', transactionId: 'txn_3' }, 'not_a_hold'],
    ['of what is not there', simple, { type: 'VoidHold', transactionId: 'txn_9' }, 'transaction_not_found'],
  ])('is refused %s', (_what, history, command, code) => {
    given(...history)
      .when(command)
      .thenRefused(code);
  });

  it.each<[string, Step[], RefusalCode, string]>([
    ['captured whole', [...simple, capture()], 'already_captured', 'txn_4 was captured whole'],
    [
      'captured in part',
      [...simple, capture({ amount: '1' })],
      'already_captured',
      'txn_4 is posted: a part',
    ],
    ['voided after a part', [...simple, part('1'), voidHold], 'already_captured', 'txn_4 is posted: a part'],
    [
      'expired after a part',
      [...due, part('1'), at(dueTime), expire],
      'hold_expired',
      'txn_4 is posted: a part',
    ],
    ['expired', [...due, at(dueTime), expire], 'hold_expired', `txn_4 expired at ${dueTime}`],
  ])('says how the hold is that is %s', (_what, history, code, detail) => {
    given(...history)
      .when(voidHold)
      .thenRefused(code)
      .saying(detail);
  });
});

describe('releases on accounts that take no postings', () => {
  // An account with something pending can't be closed, so that only freezing can come between.
  it('a final part of the open lines gives back those on a frozen account', () => {
    given(...split, freeze('fees'))
      .when(capture({ entries: [debit('acme', '70'), credit('cash', '70')] }))
      .then({
        type: 'HoldCaptured',
        data: {
          entries: [
            {},
            {},
            { account: 'acme', effect: 'release' },
            { account: 'fees', effect: 'release', amount: '10' },
          ],
        },
      });
    given(...split, freeze('fees'))
      .when(capture())
      .thenRefused('account_frozen');
    given(...simple)
      .when({ type: 'CloseAccount', address: 'acme' })
      .thenRefused('account_not_empty');
  });
});

describe('expiry', () => {
  it('comes exactly at its time', () => {
    given(...due, at(beforeDue))
      .when(expire)
      .then();
    given(...due, at(dueTime))
      .when(expire)
      .then({
        type: 'HoldExpired',
        data: {
          entries: [{ effect: 'release', amount: '80', after: { pendingDebits: '0' } }, {}],
          transaction: { status: 'expired', expiresAt: dueTime, lines: [{ held: '0', captured: '0' }, {}] },
        },
      });
  });

  it('leaves what was captured, releases the rest, also on frozen accounts and long after', () => {
    given(...due, part('30'), freeze('acme'), freeze('cash'), at('2027-01-01T00:00:00.000Z'))
      .when(expire)
      .then({
        type: 'HoldExpired',
        data: { entries: [{ amount: '50' }, {}], transaction: { status: 'posted' } },
      });
  });

  it.each<[string, Step[]]>([
    ['without a time', [...simple, at(dueTime)]],
    ['captured', [...due, capture(), at(dueTime)]],
    ['voided', [...due, voidHold, at(dueTime)]],
    ['expired already', [...due, at(dueTime), expire]],
    ['not there', [...accounts, at(dueTime)]],
  ])('does nothing to what is %s', (_what, history) => {
    given(...history)
      .when(expire)
      .then();
  });

  it('takes several, and one named twice once', () => {
    const second = hold(transfer('acme', 'cash', '5'), { expiresAt: dueTime });
    given(at(startOfTime), ...due, second, at(dueTime))
      .when({ type: 'ExpireHolds', transactionIds: [id, 'txn_5', id, 'txn_404'] })
      .then(
        { type: 'HoldExpired', data: { transaction: { id } } },
        { type: 'HoldExpired', data: { transaction: { id: 'txn_5' } } },
      )
      .andAccount('acme', { pendingDebits: 0n });
  });
});
