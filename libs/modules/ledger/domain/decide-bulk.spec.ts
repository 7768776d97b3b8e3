import { given } from '../../../testing/decider-specification';
import { credit, debit, hold, open, post, transfer } from '../../../testing/ledger/command-builders';
import type { PostTransactions, TransactionRequest } from './commands';

const accounts = [open('cash', 'asset'), open('acme', 'liability', { minBalance: '0' })];
const bulk = (atomic: boolean, ...transactions: TransactionRequest[]): PostTransactions => ({
  type: 'PostTransactions',
  atomic,
  transactions: transactions.map(({ entries, ...terms }) => ({ entries, ...terms })),
});
const payIn = (amount: string, terms: Partial<TransactionRequest> = {}) =>
  post(transfer('cash', 'acme', amount), terms);
const payOut = (amount: string) => post(transfer('acme', 'cash', amount));

describe('posting in bulk', () => {
  it.each([true, false])('shows earlier items to later ones (atomic: %s)', (atomic) => {
    given(...accounts)
      .when(
        bulk(
          atomic,
          payIn('100'),
          payOut('60'),
          hold(transfer('acme', 'cash', '40')),
          payIn('5', { preconditions: [{ account: 'acme', version: 4, available: { eq: '0' } }] }),
        ),
      )
      .then(
        {
          type: 'TransactionPosted',
          data: {
            transaction: { id: 'txn_2' },
            entries: [{}, { after: { postedCredits: '100', version: 2 } }],
          },
        },
        {
          type: 'TransactionPosted',
          data: {
            transaction: { id: 'txn_3' },
            entries: [{ after: { postedDebits: '60', version: 3 } }, {}],
          },
        },
        { type: 'HoldPlaced', data: { transaction: { id: 'txn_4' } } },
        { type: 'TransactionPosted', data: { transaction: { id: 'txn_5' } } },
      )
      .andRefusedItems()
      .andAccount('acme', { version: 5, pendingDebits: 40n });
  });

  it('atomic: is refused as a whole for the first refusal, which names its item', () => {
    given(...accounts)
      .when(bulk(true, payIn('100'), payOut('101'), post([])))
      .thenRefused('insufficient_funds', '/transactions/1/entries/0/account')
      .atItem(1)
      .withMeta({ account: 'acme', available: '100' });
    given(...accounts)
      .when(bulk(true, payIn('1'), payIn('1'), post([debit('cash', '1'), credit('acme', '0')])))
      .thenRefused('invalid_amount', '/transactions/2/entries/1/amount')
      .atItem(2);
  });

  it('not atomic: one result for each; a refused item leaves nothing to later ones', () => {
    given(...accounts)
      .when(
        bulk(
          false,
          payOut('1'),
          payIn('10', { reference: 'a' }),
          payIn('10', { reference: 'a' }),
          post(transfer('cash', 'acme', '1', 'EUR'), { reference: 'b' }),
          payIn('5', { reference: 'b' }),
          payOut('16'),
          payOut('15'),
        ),
      )
      .then(
        { type: 'TransactionPosted', data: { transaction: { id: 'txn_2', reference: 'a' } } },
        { type: 'TransactionPosted', data: { transaction: { id: 'txn_3', reference: 'b' } } },
        { type: 'TransactionPosted', data: { transaction: { id: 'txn_4' } } },
      )
      .andRefusedItems(
        [0, 'insufficient_funds', '/transactions/0/entries/0/account'],
        [2, 'reference_taken', '/transactions/2/reference'],
        [3, 'currency_mismatch', '/transactions/3/entries/0/currency'],
        [5, 'insufficient_funds', '/transactions/5/entries/0/account'],
      )
      .andAccount('acme', { postedCredits: 15n, postedDebits: 15n, version: 4 });
  });

  it('not atomic: writes nothing when all are refused', () => {
    given(...accounts)
      .when(bulk(false, payOut('1')))
      .then()
      .andRefusedItems([0, 'insufficient_funds', '/transactions/0/entries/0/account']);
  });

  it('takes at most 10,000', () => {
    const many = Array.from({ length: 10_001 }, () => payIn('1'));
    given(...accounts)
      .when(bulk(false, ...many))
      .thenRefused('too_many_transactions', '/transactions');
    const { events } = given(...accounts).when(bulk(true, ...many.slice(1)));
    expect(events.filter(({ type }) => type === 'TransactionPosted')).toHaveLength(10_000);
    expect(events.at(-1)).toMatchObject({
      data: { transaction: { id: 'txn_10001' }, entries: [{ after: { postedDebits: '10000' } }, {}] },
    });
  });
});
