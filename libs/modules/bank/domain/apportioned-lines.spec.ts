import { allGiven, newAccount } from '../../../testing/payments/charge-books';
import { PaymentsJournal } from '../../../testing/payments/payments-journal';
import { accountKey } from '@fintech-ledger/ledger/domain';
import {
  balanceLinesOf,
  bankTransferRail,
  creditorReference,
  netOf,
  paymentEvents,
  payoutOf,
} from '@fintech-ledger/payments/domain';
import type { CreatePayment } from '@fintech-ledger/payments/domain';
import type { ApportionBankLine, NewLine } from './commands';
import type { BankLineFacts } from './facts';
import { bankLineOf } from './records';

type Command = Parameters<PaymentsJournal['submit']>[0];
const terms = { description: null, livemode: false, metadata: {} };
const said: NewLine = {
  ...{ amount: '10000', bankReference: null, bookedOn: '2026-01-05', direction: 'credit', subject: 'sub_1' },
  ...{ endToEndId: null, named: null, origin: null, partyIban: 'sealed:1:x', partyName: null },
  ...{ reference: null, remittance: null, valueOn: null },
};
const own = { accountHolder: 'Example Shop Ltd', bic: null, currency: 'EUR', iban: 'DE89370400440532013000' };
const inDollars = { ...own, currency: 'USD', iban: 'GB33BUKB20201555555555' };
const payee = { ...own, iban: 'DE02120300000000202051', purpose: 'payout' } as const;
const mismatch = 'bank_statement_line_mismatch';
const failed = { kind: 'pay_out_failed', failureCode: 'rejected', message: 'no' } as const;

/** Payments by bank, payouts of them, and a person who says what lines are for. */
class Books {
  readonly journal = new PaymentsJournal();
  private count = 0;

  constructor() {
    this.submit({ type: 'PutBankAccounts', accounts: [own, inDollars, payee] as never });
    this.submit(newAccount('acct_1'));
    this.submit(allGiven('acct_1'));
  }
  submit(command: Command): void {
    const decision = this.journal.submit(command);
    if (decision.kind === 'refused') throw new Error(JSON.stringify(decision.refusal));
  }
  private made(name: string): string {
    const event = this.journal.events.findLast(({ data }) => name in data);
    return (event?.data as unknown as Record<string, { readonly id: string }>)[name]?.id ?? '';
  }
  /** One that waits for its transfer. */
  wait(amount: string, more: Partial<CreatePayment> = {}): string {
    const asked = { amount, captureMethod: 'automatic', confirm: true, currency: 'EUR' } as const;
    const of = { customer: null, offSession: false, paymentMethod: null, rail: bankTransferRail };
    const unsaid = { returnUrl: null, transferGroup: null };
    this.submit({ type: 'CreatePayment', ...asked, ...of, ...terms, ...unsaid, ...more });
    const payment = this.made('payment');
    const railReference = creditorReference(`${(this.count += 1)}`.padStart(16, '0'));
    const outcome = {
      kind: 'requires_transfer',
      railReference,
      expiresAt: '2026-01-19T12:00:00.000Z',
    } as const;
    const call = this.journal.payment(payment).call?.key ?? '';
    this.submit({ type: 'RecordRailOutcome', call, outcome, payment, refund: null });
    return payment;
  }
  pay(amount: string, more: Partial<CreatePayment> = {}): string {
    const payment = this.wait(amount, more);
    this.submit({ type: 'MatchBankLine', lineId: this.line({ amount }), object: payment });
    return payment;
  }
  refund(paymentId: string, amount: string): string {
    this.submit({ type: 'CreateRefund', paymentId, amount, metadata: {}, reason: null });
    const refund = this.made('refund');
    const outcome = { kind: 'pending', railReference: refund, isTold: true } as const;
    this.submit({ type: 'RecordRailOutcome', call: refund, outcome, payment: paymentId, refund });
    return refund;
  }
  /** Handed to the bank with the next file. */
  payOut(amount: string, more: object = {}): string {
    this.submit({ type: 'CreatePayout', amount, bankAccount: null, currency: 'EUR', ...terms, ...more });
    return this.made('payout');
  }
  send(): void {
    this.journal.advance(Date.parse(this.journal.now) + 86_400_000);
  }
  paid(amount: string, more: object = {}): string {
    const payout = this.payOut(amount, more);
    this.send();
    this.line({ amount, direction: 'debit', origin: payout });
    return payout;
  }
  /** The id of a line. */
  line(more: Partial<NewLine>, currency = 'EUR'): string {
    const id = (this.count += 1);
    const statement = {
      ...{ currency, digest: `d${id}`, from: null, iban: own.iban, to: null, closingBalance: '0' },
      ...{ id: `bst_${id}`, lines: 1, livemode: false, openingBalance: '0', statementId: `${id}` },
    };
    const lines = [{ ...said, ...more, subject: `sub_l${id}` }];
    this.submit({ type: 'ImportBankLines', from: 0, lines, place: '/', statement });
    return `bsl_l${id}`;
  }
  debit = (amount: string): string => this.line({ amount, direction: 'debit' });
  at(id: string): BankLineFacts {
    const line = bankLineOf(this.journal.records, id);
    if (line === undefined) throw new Error(`there is no ${id}`);
    return line;
  }
  /** The types of its events, or what it is refused with. */
  say(lineId: string, objects: readonly string[], more: Partial<ApportionBankLine> = {}): readonly unknown[] {
    const unsaid = { amount: null, description: null, difference: '0', isList: true, own: null };
    const decision = this.journal.submit({ type: 'ApportionBankLine', lineId, objects, ...unsaid, ...more });
    this.check();
    if (decision.kind === 'decided') return decision.events.map(({ type }) => type);
    return [decision.refusal.code, decision.refusal.param];
  }
  statusOf = (...payouts: readonly string[]): readonly unknown[] =>
    payouts.map((id) => payoutOf(this.journal.records, id)?.status);
  /** By account, in euros; what has nothing is left out. */
  get money(): Readonly<Record<string, bigint>> {
    const names = [...this.journal.records.keys()].filter((key) => key.startsWith(accountKey('payments:')));
    const all = names.map((key) => key.slice(accountKey('payments:').length - 9));
    const has = all.map((name) => [name.slice(9, -4), this.journal.balance(name)] as const);
    return Object.fromEntries(has.filter(([, amount]) => amount !== 0n));
  }
  get lines() {
    return this.journal.events
      .filter(({ type }) => paymentEvents.names.includes(type))
      .flatMap((event) => balanceLinesOf(event));
  }
  /** The bank is what is owed, and the lines of each balance are what it has. */
  private check(): void {
    const { money } = this;
    const of = (name: string): bigint => money[name] ?? 0n;
    const sum = (names: readonly string[]): bigint => names.reduce((total, name) => total + of(name), 0n);
    const owed = (owner: string) => ['available', 'pending', 'reserved'].map((each) => `${owner}:${each}`);
    const owners = ['platform', 'accounts:acct_1'];
    const others = ['refunds_in_transit', 'unapplied', ...owners.map((owner) => `${owner}:in_transit`)];
    expect(sum([...owners.flatMap(owed), ...others])).toBe(of('bank'));
    for (const [at, owner] of ['platform', 'acct_1'].entries()) {
      const nets = this.lines.flatMap((line) => (line.owner === owner ? [netOf(line)] : []));
      expect(nets.reduce((total, net) => total + net, 0n)).toBe(sum(owed(owners[at] ?? '')));
    }
    const result = of('expenses:bank_charges') - of('revenue:bank_interest');
    expect(of('platform:result')).toBe(result);
  }
}

describe('a collective debit that is not the sum of its file', () => {
  it('pays the payouts that were carried out, and the one that was rejected fails', () => {
    const books = new Books();
    books.pay('10000');
    books.pay('5000', { connectedAccount: 'acct_1' });
    const [first, second] = [books.payOut('1000'), books.payOut('2000')];
    const third = books.payOut('3000', { actsAs: 'acct_1' });
    books.send();
    books.submit({ type: 'ResolvePayout', payoutId: second, outcome: failed });
    const line = books.debit('4000');
    expect(books.at(line)).toMatchObject({ status: 'parked', parkedBecause: 'no_match' });
    expect(books.say(line, [first, third])).toEqual(['BankLineMatched', 'PayoutPaid', 'PayoutPaid']);
    expect(books.statusOf(first, second, third)).toEqual(['paid', 'failed', 'paid']);
    expect(books.at(line)).toMatchObject({
      ...{ left: '0', parkedBecause: null, status: 'matched' },
      matches: [
        { amount: '1000', object: first },
        { amount: '3000', object: third },
      ],
    });
    const available = { 'accounts:acct_1:available': 2_000n, 'platform:available': 9_000n };
    expect(books.money).toEqual({ bank: 11_000n, ...available });
    // Once more it is nothing that is left, and another line is not for what is paid.
    expect(books.say(line, [first, third])).toEqual(['bank_statement_line_unexpected_state', undefined]);
    expect(books.say(books.debit('4000'), [third, first])).toEqual([mismatch, '/objects/0']);
    // One of them comes back as any other does.
    books.line({ amount: '3000', origin: third });
    expect(books.statusOf(third)).toEqual(['failed']);
  });

  it('is said in parts where there are too many, with a fee that the bank took for the file', () => {
    const books = new Books();
    const payment = books.pay('10000');
    const refund = books.refund(payment, '500');
    const payouts = [books.payOut('1000'), books.payOut('2000')];
    const back = books.line({ amount: '70' });
    books.submit({ type: 'ReturnBankLine', lineId: back });
    books.send();
    const line = books.debit('3605');
    expect(books.say(line, payouts, { amount: '3606' })).toEqual([mismatch, '/amount']);
    expect(books.say(line, payouts, { amount: '3001' })).toEqual([mismatch, '/difference']);
    expect(books.say(line, payouts, { amount: '3000' })).toHaveLength(3);
    expect(books.at(line)).toMatchObject({ left: '605', parkedBecause: 'surplus', status: 'parked' });
    const description = 'Fee of the file';
    const rest = books.say(line, [refund, back], { description, difference: '35' });
    expect(rest).toEqual(['BankLineMatched', 'RefundSucceeded', 'BankReturnPaid', 'BankChargeBooked']);
    expect(books.at(line)).toMatchObject({ left: '0', status: 'matched' });
    expect(books.at(line).matches.slice(2)).toEqual([
      { amount: '500', object: refund },
      { amount: '70', object: back },
      { amount: '35', description, object: 'fee' },
    ]);
    expect(books.money).toEqual({
      ...{ bank: 6_465n, 'platform:available': 6_465n },
      ...{ 'expenses:bank_charges': 35n, 'platform:result': 35n },
    });
    expect(books.lines.at(-1)).toMatchObject({ amount: -35n, source: line, type: 'adjustment' });
    expect(books.journal.events.at(-1)?.data).toMatchObject({ transaction: { description } });
  });

  it('takes one that is left of a part alone, as a line of its own does', () => {
    const books = new Books();
    books.pay('10000');
    const [payout, other] = [books.payOut('1000'), books.payOut('2000')];
    books.send();
    const line = books.debit('3000');
    expect(books.say(line, [payout], { amount: '1000' })).toHaveLength(2);
    books.submit({ type: 'MatchBankLine', lineId: line, object: other });
    expect(books.statusOf(payout, other)).toEqual(['paid', 'paid']);
    // What is to go back is given back by what is left of a line, too.
    const back = books.line({ amount: '70' });
    books.submit({ type: 'ReturnBankLine', lineId: back });
    const both = books.debit('80');
    expect(books.say(both, [], { amount: '10', own: 'fee' })).toHaveLength(2);
    books.submit({ type: 'MatchBankLine', lineId: both, object: back });
    expect(books.at(back).returnedAt).not.toBeNull();
    for (const none of ['refunds_in_transit', 'unapplied']) expect(books.money).not.toHaveProperty(none);
    expect(books.say(books.debit('1'), [], { own: 'fee' })).toHaveLength(2);
  });
});

describe('what differs from what a line is for', () => {
  it.each([undefined, 'acct_1'])('is a fee of the platform of a payout that comes back: of %s', (account) => {
    const books = new Books();
    books.pay('10000');
    books.pay('10000', { connectedAccount: 'acct_1' });
    const payout = books.paid('10000', account === undefined ? {} : { actsAs: account });
    const line = books.line({ amount: '9900', origin: payout });
    expect(books.at(line)).toMatchObject({ status: 'parked' });
    expect(books.say(line, [payout], { difference: '-99', isList: false })).toEqual([
      mismatch,
      '/difference',
    ]);
    const events = books.say(line, [payout], { difference: '-100', isList: false });
    expect(events).toEqual(['BankLineMatched', 'PayoutFailed', 'BankChargeBooked']);
    expect(payoutOf(books.journal.records, payout)).toMatchObject({ failureCode: 'returned' });
    expect(books.at(line)).toMatchObject({
      ...{ left: '0', status: 'matched' },
      matches: [
        { amount: '10000', object: payout },
        { amount: '-100', object: 'fee' },
      ],
    });
    expect(books.money).toEqual({
      ...{ bank: 19_900n, 'accounts:acct_1:available': 10_000n, 'platform:available': 9_900n },
      ...{ 'expenses:bank_charges': 100n, 'platform:result': 100n },
    });
    // It has come back once. The bank gives its fee back later.
    expect(books.say(books.line({ amount: '10000' }), [payout])).toEqual([mismatch, '/objects/0']);
    expect(books.say(books.line({ amount: '100' }), [], { own: 'fee' })).toHaveLength(2);
    expect(books.money).not.toHaveProperty(['expenses:bank_charges']);
  });

  it('of a refund that comes back, and of payments whose payers paid less, likewise', () => {
    const books = new Books();
    const payment = books.pay('10000');
    const refund = books.refund(payment, '4000');
    books.line({ amount: '4000', direction: 'debit', origin: refund });
    const others = [books.wait('3000'), books.wait('2000')];
    books.submit({ type: 'MatchBankLine', lineId: books.line({ amount: '500' }), object: others[0] ?? '' });
    // A line that waits for one of them may be for both.
    const line = books.line({ amount: '8200' });
    expect(books.say(line, [refund, ...others], { difference: '-300' })).toContain('PaymentCaptured');
    expect(books.journal.refund(refund).status).toBe('failed');
    for (const id of others) expect(books.journal.payment(id).status).toBe('succeeded');
    expect(books.at(line).matches.map(({ amount }) => amount)).toEqual(['4000', '2500', '2000', '-300']);
    expect(books.money).toMatchObject({ bank: 14_700n, 'platform:available': 14_700n });
    expect(books.money).not.toHaveProperty('unapplied');
  });

  it('is nothing, and nothing is booked for it', () => {
    const books = new Books();
    const payment = books.wait('3000');
    const line = books.line({ amount: '3000' });
    expect(books.say(line, [payment], { difference: '0' })).toEqual(['BankLineMatched', 'PaymentCaptured']);
  });

  it('is less than what it is for: the balance pays for no mistake', () => {
    const books = new Books();
    const [payment, more] = [books.wait('100'), books.wait('10000')];
    const line = books.line({ amount: '10000' });
    expect(books.say(line, [payment], { difference: '9900' })).toEqual([mismatch, '/difference']);
    expect(books.say(line, [payment], { difference: '-100' })).toEqual([mismatch, '/difference']);
    expect(books.say(books.line({ amount: '1' }), [more], { difference: '-9999' })).toHaveLength(3);
  });

  it('is of objects that wait for it, each once, in its currency', () => {
    const books = new Books();
    const [payment, ofUsd] = [books.wait('3000'), books.wait('3000', { currency: 'USD' })];
    const line = books.line({ amount: '6000' });
    const refusals: readonly (readonly [readonly string[], string, string])[] = [
      [[payment, payment], 'payment_unexpected_state', '/objects/1'],
      [[payment, ofUsd], mismatch, '/objects/1'],
      [[payment, 'pay_none'], 'payment_not_found', '/objects/1'],
      [['re_none', payment], 'refund_not_found', '/objects/0'],
      [['po_none', payment], 'payout_not_found', '/objects/0'],
      [['bsl_none', payment], mismatch, '/objects/0'],
      [[line], mismatch, '/objects/0'],
    ];
    for (const [objects, ...why] of refusals) expect(books.say(line, objects)).toEqual(why);
    const alone = { isList: false };
    expect(books.say(line, ['po_none'], alone)).toEqual(['payout_not_found', '/payout']);
    expect(books.say(line, ['re_none'], alone)).toEqual(['refund_not_found', '/refund']);
    expect(books.say(line, ['bsl_none'], alone)).toEqual([mismatch, '/bank_statement_line']);
    expect(books.say(line, [payment], { ...alone, difference: '1' })).toEqual([mismatch, '/difference']);
    expect(books.say('bsl_none', [payment])).toEqual(['bank_statement_line_not_found', undefined]);
    expect(books.say(books.debit('3000'), [payment])).toEqual([mismatch, '/objects/0']);
    expect(books.at(line)).toMatchObject({ left: '6000', matches: [] });
  });
});

describe("a line that is the platform's own", () => {
  it.each([
    ['a fee', 'debit', 'fee', { 'expenses:bank_charges': 500n, 'platform:result': 500n }],
    ['a fee that comes back', 'credit', 'fee', { 'expenses:bank_charges': -500n, 'platform:result': -500n }],
    ['interest', 'credit', 'interest', { 'revenue:bank_interest': 500n, 'platform:result': -500n }],
    [
      'interest that is taken',
      'debit',
      'interest',
      { 'revenue:bank_interest': -500n, 'platform:result': 500n },
    ],
  ] as const)('is %s, which the balance pays or has', (_what, direction, kind, books500) => {
    const books = new Books();
    const line = books.line({ amount: '500', direction });
    const description = 'Account 2026';
    const events = books.say(line, [], { description, own: kind });
    expect(events).toEqual(['BankLineMatched', 'BankChargeBooked']);
    const money = direction === 'credit' ? 500n : -500n;
    expect(books.money).toEqual({ bank: money, 'platform:available': money, ...books500 });
    expect(books.at(line)).toMatchObject({
      ...{ left: '0', status: 'matched' },
      matches: [{ amount: '500', description, object: kind }],
    });
    expect(books.say(line, [], { own: kind })).toEqual(['bank_statement_line_unexpected_state', undefined]);
    expect(books.lines).toMatchObject([{ amount: money, source: line, type: 'adjustment' }]);
  });

  it('may be a part of one, and the rest goes back, or waits no more for its payment', () => {
    const books = new Books();
    const payment = books.wait('10000');
    const line = books.line({ amount: '500' });
    books.submit({ type: 'MatchBankLine', lineId: line, object: payment });
    expect(books.at(line)).toMatchObject({ parkedBecause: 'awaiting_rest', payment });
    expect(books.say(line, [], { amount: '100', own: 'interest' })).toHaveLength(2);
    expect(books.at(line)).toMatchObject({ left: '400', parkedBecause: 'surplus', payment: null });
    books.submit({ type: 'MatchBankLine', lineId: books.line({ amount: '10000' }), object: payment });
    expect(books.journal.payment(payment).status).toBe('succeeded');
    books.submit({ type: 'ReturnBankLine', lineId: line });
    books.submit({ type: 'CancelBankReturn', lineId: line });
    expect(books.at(line)).toMatchObject({
      left: '400',
      matches: [{ object: 'interest' }],
      status: 'parked',
    });
    books.submit({ type: 'EraseBankLine', lineId: line });
    expect(books.at(line)).toMatchObject({ partyIban: null, matches: [{ amount: '100' }] });
    expect(books.say(line, [], { own: 'interest' })).toHaveLength(2);
    expect(books.money).toMatchObject({ bank: 10_500n, 'revenue:bank_interest': 500n });
  });
});
