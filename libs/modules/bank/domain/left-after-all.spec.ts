import { allGiven, newAccount } from '../../../testing/payments/charge-books';
import { PaymentsJournal } from '../../../testing/payments/payments-journal';
import {
  balanceLinesOf,
  bankTransferRail,
  openBatchesOf,
  paymentEvents,
  payoutOf,
  railEffectsOf,
} from '@fintech-ledger/payments/domain';
import { accountKey } from '@fintech-ledger/ledger/domain';
import type { CreatePayment } from '@fintech-ledger/payments/domain';
import { splitParty as party } from '../../../testing/payments/split-books';
import type { NewLine } from './commands';
import { bankLineOf } from './records';

type Command = Parameters<PaymentsJournal['submit']>[0];
const terms = { description: null, livemode: false, metadata: {} };
const line: NewLine = {
  ...{ amount: '10000', bankReference: null, bookedOn: '2026-01-05', direction: 'credit', subject: 'sub_1' },
  ...{ endToEndId: null, named: null, origin: null, partyIban: 'sealed:1:x', partyName: null },
  ...{ reference: null, remittance: null, valueOn: null },
};
const own = { accountHolder: 'Example Shop Ltd', bic: null, currency: 'EUR', iban: 'DE89370400440532013000' };
const payee = { ...own, iban: 'DE02120300000000202051', purpose: 'payout' } as const;
const reference = 'RF18539007547034';
const midnight = '2026-01-06T00:00:00.000Z';

/** A payment of 10,000 by bank that is paid. */
class Books {
  readonly journal = new PaymentsJournal();
  readonly payment: string;
  private statements = 0;

  constructor(more: Partial<CreatePayment> = {}) {
    this.submit({ type: 'PutBankAccounts', accounts: [own, payee] as never });
    for (const account of ['acct_1', 'acct_2']) {
      this.submit(newAccount(account));
      this.submit(allGiven(account));
    }
    const asked = { amount: '10000', captureMethod: 'automatic', confirm: true, currency: 'EUR' } as const;
    const of = { customer: null, offSession: false, paymentMethod: null, rail: bankTransferRail };
    const payment = { ...asked, ...of, ...terms, returnUrl: null, transferGroup: null, ...more };
    this.submit({ type: 'CreatePayment', ...payment });
    this.payment = this.made('PaymentCreated', 'payment');
    const call = this.journal.payment(this.payment).call?.key ?? '';
    const waits = {
      kind: 'requires_transfer',
      railReference: reference,
      expiresAt: '2026-01-19T12:00:00.000Z',
    };
    const of2 = { payment: this.payment, refund: null };
    this.submit({ type: 'RecordRailOutcome', call, outcome: waits as never, ...of2 });
    this.line({ reference: reference });
  }

  submit(command: Command): void {
    const decision = this.journal.submit(command);
    if (decision.kind === 'refused') throw new Error(JSON.stringify(decision.refusal));
  }
  made(type: string, name: string): string {
    const event = this.journal.events.findLast((each) => each.type.endsWith(type));
    return (event?.data as unknown as Record<string, { readonly id: string }>)[name]?.id ?? '';
  }
  refund(more: object = {}, amount = '4000'): string {
    this.submit({
      ...{ type: 'CreateRefund', paymentId: this.payment, amount, metadata: {}, reason: null },
      ...more,
    });
    const id = this.made('RefundCreated', 'refund');
    const outcome = { kind: 'pending', railReference: id, isTold: true } as const;
    this.submit({ type: 'RecordRailOutcome', call: id, outcome, payment: this.payment, refund: id });
    return id;
  }
  resolve(refundId: string): void {
    this.submit({
      type: 'ResolveRailCall',
      outcome: { kind: 'refund_failed', reason: 'rejected' },
      refundId,
    });
  }
  /** The id of the line. */
  line(more: Partial<NewLine>): string {
    const id = (this.statements += 1);
    const statement = {
      ...{ currency: 'EUR', digest: `d${id}`, from: null, iban: own.iban, to: null, closingBalance: '0' },
      ...{ id: `bst_${id}`, lines: 1, livemode: false, openingBalance: '0', statementId: `${id}` },
    };
    const lines = [{ ...line, ...more, subject: `sub_l${id}` }];
    this.submit({ type: 'ImportBankLines', from: 0, lines, place: '/', statement });
    return `bsl_l${id}`;
  }
  leaves = (origin: string, amount = '4000'): string => this.line({ amount, direction: 'debit', origin });
  match(lineId: string, object: string): unknown {
    const decision = this.journal.submit({ type: 'MatchBankLine', lineId, object });
    return decision.kind === 'refused' ? decision.refusal : decision.events.map(({ type }) => type);
  }
  /** By account; what has nothing is left out. */
  get balances(): object {
    const keys = [...this.journal.records.keys()].filter((key) => key.startsWith(accountKey('payments:')));
    const all = keys.map((key) => key.slice(accountKey('').length));
    return Object.fromEntries(
      all.map((name) => [name, this.journal.balance(name)] as const).filter(([, has]) => has !== 0n),
    );
  }
  get lines(): readonly (readonly [string, string, bigint])[] {
    return this.journal.events
      .filter(({ type }) => paymentEvents.names.includes(type))
      .flatMap((event) => balanceLinesOf(event))
      .map(({ amount, owner, type }) => [owner, type, amount]);
  }
}

describe('a refund that was declared failed, and left after all', () => {
  it('succeeds with the line that says so, matched by hand, as its own money', () => {
    const books = new Books();
    const id = books.refund();
    books.resolve(id);
    const out = books.leaves(id);
    expect(bankLineOf(books.journal.records, out)).toMatchObject({ left: '4000', status: 'parked' });
    const before = books.journal.events.length;
    expect(books.match(out, id)).toEqual(['BankLineMatched', 'RefundCreated', 'RefundSucceeded']);
    // Its rail is not called again.
    expect(books.journal.events.slice(before + 1).flatMap((event) => railEffectsOf(event))).toEqual([]);
    expect(books.journal.refund(id)).toMatchObject({ failureReason: null, status: 'succeeded' });
    expect(books.journal.payment(books.payment)).toMatchObject({ amountRefunded: '4000' });
    expect(bankLineOf(books.journal.records, out)).toMatchObject({
      ...{ left: '0', matches: [{ amount: '4000', object: id }], status: 'matched' },
    });
    expect(books.balances).toEqual({
      'payments:bank:EUR': 6_000n,
      'payments:platform:available:EUR': 6_000n,
    });
    expect(books.lines.slice(1)).toEqual([
      ['platform', 'refund', -4_000n],
      ['platform', 'refund_failure', 4_000n],
      ['platform', 'refund', -4_000n],
    ]);
    // Another one is not it, and when it comes back it has failed.
    expect(books.match(books.leaves(id), id)).toMatchObject({ code: 'bank_statement_line_mismatch' });
    books.line({ amount: '4000', origin: id });
    expect(books.journal.refund(id)).toMatchObject({ failureReason: 'returned', status: 'failed' });
  });

  const splits = [
    party('a', 'acct_1', { shareBps: 5_000 }),
    party('b', 'acct_2', { fixedAmount: '3000' }),
    party('us', 'platform', { remainder: true }),
  ];
  it.each<[string, object, object]>([
    ['of the platform', {}, {}],
    [
      'of an account',
      { connectedAccount: 'acct_1', applicationFeeAmount: '1000' },
      { refundsApplicationFee: true },
    ],
    [
      'of a payment that goes to an account',
      { applicationFeeAmount: '1000', transferData: { amount: null, destination: 'acct_1' } },
      { refundsApplicationFee: true, reversesTransfer: true },
    ],
    ['of a split payment', { splits }, {}],
  ])('is as if it had never been declared so: %s', (_whose, payment, refund) => {
    const [late, direct] = [new Books(payment), new Books(payment)];
    const [id, other] = [late.refund(refund), direct.refund(refund)];
    late.resolve(id);
    expect(late.match(late.leaves(id), id)).toHaveLength(3);
    direct.leaves(other);
    expect(late.balances).toEqual(direct.balances);
    expect(late.journal.payment(late.payment)).toEqual(direct.journal.payment(direct.payment));
    expect(late.journal.refund(id)).toEqual(direct.journal.refund(other));
  });

  it('is not it where its payment has been refunded otherwise since', () => {
    const books = new Books();
    const id = books.refund();
    books.resolve(id);
    const again = books.refund({}, '7000');
    const out = books.leaves(id);
    expect(books.match(out, id)).toMatchObject({ code: 'bank_statement_line_mismatch', param: '/refund' });
    books.resolve(again);
    expect(books.match(out, id)).toHaveLength(3);
  });
});

describe('a payout that was declared failed, and left after all', () => {
  it.each([undefined, 'acct_1'])('is paid with the line that says so, matched by hand: of %s', (account) => {
    const books = new Books(account === undefined ? {} : { connectedAccount: account });
    const actsAs = account === undefined ? {} : { actsAs: account };
    const asked = { amount: '4000', bankAccount: null, currency: 'EUR', ...terms, ...actsAs };
    books.submit({ type: 'CreatePayout', ...asked });
    const payoutId = books.made('PayoutCreated', 'payout');
    books.journal.advance(Date.parse(midnight));
    const failed = { kind: 'pay_out_failed', failureCode: 'rejected', message: 'no' } as const;
    books.submit({ type: 'ResolvePayout', payoutId, outcome: failed, ...actsAs });
    const out = books.leaves(payoutId);
    expect(bankLineOf(books.journal.records, out)).toMatchObject({ status: 'parked' });
    // What it has since paid out it owes.
    books.submit({ type: 'CreatePayout', ...asked, amount: '8000' });
    expect(books.match(out, payoutId)).toEqual(['BankLineMatched', 'PayoutCreated', 'PayoutPaid']);
    expect(payoutOf(books.journal.records, payoutId)).toMatchObject({
      ...{ failureCode: null, failureMessage: null, railReference: payoutId, status: 'paid' },
    });
    const owner = account === undefined ? 'platform' : `accounts:${account}`;
    expect(books.balances).toEqual({
      'payments:bank:EUR': 6_000n,
      [`payments:${owner}:available:EUR`]: -2_000n,
      [`payments:${owner}:in_transit:EUR`]: 8_000n,
    });
    expect(books.lines.slice(1).map(([, ...said]) => said)).toEqual([
      ...[
        ['payout', -4_000n],
        ['payout_failure', 4_000n],
        ['payout', -8_000n],
      ],
      ['payout', -4_000n],
    ]);
    // No batch waits for it.
    expect(Object.values(openBatchesOf(books.journal.records, 'EUR'))).toMatchObject([{ pending: 1 }]);
    expect(books.match(books.leaves(payoutId), payoutId)).toMatchObject({
      ...{ code: 'bank_statement_line_mismatch', param: '/payout' },
    });
    books.line({ amount: '4000', origin: payoutId });
    expect(payoutOf(books.journal.records, payoutId)).toMatchObject({
      ...{ failureCode: 'returned', status: 'failed' },
    });
  });
});
