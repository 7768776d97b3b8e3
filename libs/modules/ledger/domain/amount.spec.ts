import { given } from '../../../testing/decider-specification';
import { open, post, transfer } from '../../../testing/ledger/command-builders';
import { parseSigned } from './account-bounds';
import { parseAmount } from './entries';

const most = '9'.repeat(36);
const accounts = [open('cash', 'asset'), open('equity', 'equity')];

describe('amounts', () => {
  const bad: [string, unknown][] = [
    ['0', '0'],
    ['-1', '-1'],
    ['+1', '+1'],
    ['1.5', '1.5'],
    ['1e3', '1e3'],
    ['0x10', '0x10'],
    ['a space before', ' 1'],
    ['a space after', '1 '],
    ['a line feed after', '1\n'],
    ['a leading zero', '01'],
    ['nothing', ''],
    ['37 digits', `1${most}`],
    ['60 digits', '1'.repeat(60)],
    ['digits of another script', '١٢'],
    ['null', null],
    ['a number', 1],
    ['undefined', undefined],
    ['an array', ['1']],
    ['a bigint', 1n],
  ];

  it.each(bad)('refuses %s', (_what, amount) => {
    expect(parseAmount(amount)).toBeUndefined();
    given(...accounts)
      .when(post(transfer('cash', 'equity', amount as string)))
      .thenRefused('invalid_amount', '/entries/0/amount');
  });

  it.each(['1', '10', most])('accepts %s', (amount) => {
    expect(parseAmount(amount)).toBe(BigInt(amount));
  });

  it('of a file may be sums, of up to 40 digits', () => {
    const sum = '9'.repeat(40);
    const asked = { ...post(transfer('cash', 'equity', sum)), isImport: true };
    given(...accounts)
      .when(asked)
      .then({ type: 'TransactionPosted', data: { entries: [{ amount: sum }, { amount: sum }] } });
    given(...accounts)
      .when({ ...post(transfer('cash', 'equity', `1${sum}`)), isImport: true })
      .thenRefused('invalid_amount', '/entries/0/amount');
  });

  it('adds 36 digits exactly, above what one amount may be', () => {
    given(...accounts, post(transfer('cash', 'equity', most)))
      .when(post(transfer('cash', 'equity', most)))
      .then({
        type: 'TransactionPosted',
        data: {
          entries: [
            { amount: most, after: { postedDebits: `1${'9'.repeat(35)}8`, version: 3 } },
            { amount: most, after: { postedCredits: `1${'9'.repeat(35)}8`, version: 3 } },
          ],
        },
      });
  });
});

describe('balances and bounds', () => {
  it.each(['0', '-1', '1', `-${most}`])('accepts %s', (text) => expect(parseSigned(text)).toBe(BigInt(text)));
  it.each(['', '-', '-0', '00', '+1', '1.0', ' 0', `1${most}`, 0, null])('refuses %j', (text) => {
    expect(parseSigned(text)).toBeUndefined();
  });
});
