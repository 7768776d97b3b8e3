import { given } from '../../../testing/decider-specification';
import type { Step } from '../../../testing/decider-specification';
import { open, post, transfer } from '../../../testing/ledger/command-builders';
import { bookLines } from './book-lines';
import type { BookingRequest } from './book-lines';
import type { LedgerCommand } from './commands';

const managed = 'payments';
const bank = 'payments:bank';
const cash = open('cash', 'asset');
const shop = open('shop', 'liability');
const line = { amount: 5n, currency: 'USD' };
/** What the module has booked on accounts of its own, as its event says it. */
const request: BookingRequest = {
  manager: managed,
  judged: true,
  lines: [
    { account: bank, direction: 'debit', ...line, opens: { type: 'asset' } },
    { account: 'payments:owed', direction: 'credit', ...line, opens: { type: 'liability', minBalance: 0n } },
  ],
};
const context = { now: '2026-01-01T00:00:00.000Z', newId: () => 'txn_0' };
const facts = bookLines({ get: () => undefined }, request, context);
const booked = { type: 'PaymentCaptured', data: facts } as unknown as Step;

describe('an account below the name of the module that manages the ledger', () => {
  it.each<[string, LedgerCommand, string | null]>([
    ['opened', { ...open(bank, 'asset'), managed }, '/address'],
    ['opened, whether it is there or not', { ...open('payments:new', 'asset'), managed }, '/address'],
    ['bounded', { type: 'AmendAccount', address: bank, minBalance: '0', managed }, null],
    ['frozen', { type: 'FreezeAccount', address: bank, managed }, null],
    ['frozen, whether it is there or not', { type: 'FreezeAccount', address: 'payments:new', managed }, null],
    ['unfrozen', { type: 'UnfreezeAccount', address: bank, managed }, null],
    ['closed', { type: 'CloseAccount', address: bank, managed }, null],
    ['reopened', { type: 'ReopenAccount', address: bank, managed }, null],
    ['booked on', { ...post(transfer('cash', bank, '1')), managed }, '/entries/1/account'],
    ['held on', { ...post(transfer('cash', bank, '1'), { pending: true }), managed }, '/entries/1/account'],
    ['given back what is on it', { type: 'ReverseTransaction', transactionId: 'txn_0', managed }, null],
  ])('is not %s by a client', (_what, command, param) => {
    given(booked, cash).when(command).thenRefused('account_managed', param);
  });

  it('is not booked on by an item of a bulk, whose others are booked', () => {
    const transactions = [post(transfer('cash', bank, '1')), post(transfer('cash', 'shop', '1'))];
    given(booked, cash, shop)
      .when({ type: 'PostTransactions', atomic: false, transactions, managed })
      .then({ type: 'TransactionPosted' })
      .andRefusedItems([0, 'account_managed', '/transactions/0/entries/1/account']);
  });

  it('may be annotated', () => {
    given(booked)
      .when({ type: 'AmendAccount', address: bank, metadata: { note: 'ours' }, managed })
      .then({ type: 'AccountAmended', data: { version: 2 } });
  });
});

describe('any other account', () => {
  it.each(['payments', 'paymentsbank:a', 'shop:payments:a'])('is the clients’ own: %s', (address) => {
    given()
      .when({ ...open(address, 'asset'), managed })
      .then({ type: 'AccountOpened' });
  });

  it('is so in a ledger that no module manages', () => {
    given().when(open(bank, 'asset')).then({ type: 'AccountOpened' });
  });
});

describe('what a module books', () => {
  const onto = (lines: BookingRequest['lines'], more: Partial<BookingRequest> = {}) =>
    bookLines({ get: () => undefined }, { ...request, lines, ...more }, context);

  it('opens an account once, with the terms of its first line', () => {
    const more = { account: bank, direction: 'debit', ...line, opens: { type: 'expense' } } as const;
    const owed = { ...request.lines[1], amount: 10n } as BookingRequest['lines'][number];
    expect(onto([...request.lines.slice(0, 1), more, owed])).toMatchObject({
      opens: [
        { address: bank, type: 'asset' },
        { address: 'payments:owed', minBalance: '0' },
      ],
      entries: [
        { account: bank, after: { postedDebits: '5', version: 1 } },
        { account: bank, after: { postedDebits: '10', version: 1 } },
        { account: 'payments:owed', after: { postedCredits: '10', version: 1 } },
      ],
    });
  });

  const [debited, credited] = request.lines as [
    BookingRequest['lines'][number],
    BookingRequest['lines'][number],
  ];
  it('is refused where it names an account that is not there and does not say how to open it', () => {
    const { opens: _, ...unknown } = credited;
    expect(onto([debited, unknown])).toMatchObject({ code: 'unknown_account' });
    expect(() => onto([debited, unknown], { judged: false })).toThrow("what has happened can't be booked");
  });

  it.each<[string, BookingRequest['lines'], Partial<BookingRequest>]>([
    ['one line is no transaction', [debited], {}],
    ['lines of USD differ by 1', [{ ...debited, amount: 6n }, credited], {}],
    ['books 0', [{ ...debited, amount: 0n }, credited], {}],
    ['is not below payments', [{ ...debited, account: 'cash' }, credited], {}],
    ['is not below a module', request.lines, { manager: undefined as unknown as string }],
  ])('is a bug of the module: %s', (says, lines, more) => {
    expect(() => onto(lines, more)).toThrow(says.replace('one line is', '1 lines are'));
  });
});
