import { PaymentsJournal } from '../../../testing/payments/payments-journal';
import { bankTransferRail } from '@fintech-ledger/payments/domain';
import type { PaymentCommand } from '@fintech-ledger/payments/domain';
import type { BankCommand, NewLine } from './commands';
import type { BankLineFacts } from './facts';
import { bankLineOf } from './records';

const reference = 'RF18539007547034';
const terms = { description: null, livemode: false, metadata: {} };
const credit: NewLine = {
  ...{ amount: '2500', bankReference: null, bookedOn: '2026-01-05', direction: 'credit', subject: 'sub_1' },
  ...{ endToEndId: null, named: null, origin: null, partyIban: 'sealed:1:x', partyName: null },
  ...{ reference: null, remittance: null, valueOn: null },
};
const debit: NewLine = { ...credit, direction: 'debit' };
const failed = { kind: 'refund_failed', reason: 'rejected' } as const;

/** A bank payment of 10,000 that is paid, and what is said of it. */
class Books {
  readonly journal = new PaymentsJournal();
  readonly payment: string;
  private statements = 0;

  constructor(came = '10000') {
    const asked = { amount: '10000', captureMethod: 'automatic', confirm: true, currency: 'EUR' } as const;
    const of = { customer: null, offSession: false, paymentMethod: null, rail: bankTransferRail };
    this.submit({ type: 'CreatePayment', ...asked, ...of, ...terms, returnUrl: null, transferGroup: null });
    this.payment = this.made('PaymentCreated', 'payment');
    const call = this.journal.payment(this.payment).call?.key ?? '';
    const expiresAt = '2026-01-19T12:00:00.000Z';
    const outcome = { kind: 'requires_transfer', railReference: reference, expiresAt } as const;
    this.submit({ type: 'RecordRailOutcome', call, outcome, payment: this.payment, refund: null });
    this.line({ ...credit, amount: came, reference });
  }

  submit(command: PaymentCommand | BankCommand): string {
    const decision = this.journal.submit(command);
    return decision.kind === 'refused' ? decision.refusal.code : 'decided';
  }
  private made(type: string, name: string): string {
    const event = this.journal.events.findLast((each) => each.type === type);
    return (event?.data as unknown as Record<string, { readonly id: string }>)[name]?.id ?? '';
  }
  /** A refund that the bank is told of, as its rail says. */
  refund(amount: string): string {
    this.submit({ type: 'CreateRefund', paymentId: this.payment, amount, metadata: {}, reason: null });
    const id = this.made('RefundCreated', 'refund');
    const told = { kind: 'pending', railReference: id, isTold: true } as const;
    this.submit({ type: 'RecordRailOutcome', call: id, outcome: told, payment: this.payment, refund: id });
    return id;
  }
  /** Of a statement of its own. */
  line(said: NewLine): BankLineFacts {
    const id = (this.statements += 1);
    const balances = { closingBalance: '0', openingBalance: '0' };
    const statement = {
      ...{ currency: 'EUR', digest: `d${id}`, from: null, iban: 'DE89370400440532013000', to: null },
      ...{ ...balances, id: `bst_${id}`, lines: 1, livemode: false, statementId: `${id}` },
    };
    const line = { ...said, subject: `sub_${id}` };
    this.submit({ type: 'ImportBankLines', from: 0, lines: [line], place: '/', statement });
    return this.at(`bsl_${id}`);
  }
  at(id: string): BankLineFacts {
    const line = bankLineOf(this.journal.records, id);
    if (line === undefined) throw new Error(`there is no ${id}`);
    return line;
  }
  match = (line: string, object: string): string =>
    this.submit({ type: 'MatchBankLine', lineId: line, object });
  resolve = (refundId: string, outcome: object): string =>
    this.submit({ type: 'ResolveRailCall', outcome: outcome as typeof failed, refundId });
  /** On the balance, on its way, not applied, and at the bank: the bank is what is owed. */
  get money(): readonly bigint[] {
    return ['platform:available', 'refunds_in_transit', 'unapplied', 'bank'].map((name) =>
      this.journal.balance(`payments:${name}:EUR`),
    );
  }
}

describe('a refund that the bank does not carry out', () => {
  it('is failed by who found it out, the balance has it again, and it can be refunded again', () => {
    const books = new Books();
    const id = books.refund('10000');
    expect(books.money).toEqual([0n, 10_000n, 0n, 10_000n]);
    // That it left is said by statements alone.
    expect(books.resolve(id, { kind: 'refunded', railReference: 'r' })).toBe('call_not_open');
    expect(books.resolve(id, failed)).toBe('decided');
    expect(books.journal.refund(id)).toMatchObject({ status: 'failed', failureReason: 'rejected' });
    expect(books.money).toEqual([10_000n, 0n, 0n, 10_000n]);
    expect(books.resolve(id, failed)).toBe('call_not_open');
    const again = books.refund('10000');
    books.line({ ...debit, amount: '10000', origin: again });
    expect(books.money).toEqual([0n, 0n, 0n, 0n]);
    expect(books.resolve(again, failed)).toBe('call_not_open');
  });
});

describe('money of a refund that comes back', () => {
  it('without its id is matched by hand: the refund has failed', () => {
    const books = new Books();
    const id = books.refund('2500');
    books.line({ ...debit, origin: id });
    const back = books.line(credit);
    expect(back).toMatchObject({ status: 'parked', parkedBecause: 'no_match' });
    expect(books.money).toEqual([7_500n, 0n, 2_500n, 10_000n]);
    expect(books.match(back.id, id)).toBe('decided');
    expect(books.journal.refund(id)).toMatchObject({ status: 'failed', failureReason: 'returned' });
    expect(books.journal.payment(books.payment).amountRefunded).toBe('0');
    expect(books.at(back.id)).toMatchObject({ left: '0', status: 'matched' });
    expect(books.money).toEqual([10_000n, 0n, 0n, 10_000n]);
  });

  it('before a statement has that it left is matched once one has', () => {
    const books = new Books();
    const id = books.refund('2500');
    const back = books.line({ ...credit, origin: id });
    expect(books.match(back.id, id)).toBe('bank_statement_line_mismatch');
    books.line({ ...debit, origin: id });
    expect(books.journal.refund(id).status).toBe('succeeded');
    expect(books.match(back.id, id)).toBe('decided');
    expect(books.money).toEqual([10_000n, 0n, 0n, 10_000n]);
  });

  it('is of all of its amount, and comes back once', () => {
    const books = new Books();
    const id = books.refund('2500');
    books.line({ ...debit, origin: id });
    const [part, back, more] = [{ ...credit, amount: '2400' }, credit, credit].map((each) =>
      books.line(each),
    );
    expect(books.match(part?.id ?? '', id)).toBe('bank_statement_line_mismatch');
    expect(books.match(back?.id ?? '', id)).toBe('decided');
    expect(books.match(more?.id ?? '', id)).toBe('bank_statement_line_mismatch');
  });
});

describe('a line that is to go back', () => {
  it('has gone with the line that left, matched by hand where that does not name it', () => {
    const books = new Books();
    const gift = books.line(credit);
    const out = books.line(debit);
    expect(books.match(out.id, gift.id)).toBe('bank_statement_line_mismatch');
    books.submit({ type: 'ReturnBankLine', lineId: gift.id });
    expect(books.money).toEqual([10_000n, 2_500n, -2_500n, 10_000n]);
    const other = books.line({ ...debit, amount: '2400' });
    expect(books.match(other.id, gift.id)).toBe('bank_statement_line_mismatch');
    expect(books.match(books.line(credit).id, gift.id)).toBe('bank_statement_line_mismatch');
    expect(books.match(out.id, gift.id)).toBe('decided');
    expect(books.at(gift.id)).toMatchObject({ status: 'returned', returnedAt: books.journal.now });
    expect(books.at(out.id)).toMatchObject({
      matches: [{ amount: '2500', object: gift.id }],
      status: 'matched',
    });
    expect(books.money[1]).toBe(0n);
    const cancel = { type: 'CancelBankReturn', lineId: gift.id } as const;
    expect(books.submit(cancel)).toBe('bank_statement_line_unexpected_state');
  });

  it.each([
    ['no_match', null],
    ['unknown_reference', 'RF712348231'],
    ['not_waiting', reference],
  ] as const)('and that the bank does not carry out is parked again: %s', (parkedBecause, name) => {
    const books = new Books();
    const gift = books.line({ ...credit, reference: name });
    const cancel = { type: 'CancelBankReturn', lineId: gift.id } as const;
    expect(books.submit(cancel)).toBe('bank_statement_line_unexpected_state');
    books.submit({ type: 'ReturnBankLine', lineId: gift.id });
    expect(books.submit(cancel)).toBe('decided');
    expect(books.at(gift.id)).toMatchObject({ left: '2500', matches: [], parkedBecause, status: 'parked' });
    expect(books.money).toEqual([10_000n, 0n, 2_500n, 12_500n]);
    expect(books.submit(cancel)).toBe('bank_statement_line_unexpected_state');
    // What left all the same is matched to another return of it.
    const out = books.line({ ...debit, origin: gift.id });
    expect(out).toMatchObject({ status: 'parked', parkedBecause: 'no_match' });
    books.submit({ type: 'ReturnBankLine', lineId: gift.id });
    expect(books.match(out.id, gift.id)).toBe('decided');
    expect(books.money).toEqual([10_000n, 0n, 0n, 10_000n]);
  });

  it('is parked again with what of it was too much', () => {
    const books = new Books('10700');
    expect(books.submit({ type: 'CancelBankReturn', lineId: 'bsl_none' })).toBe(
      'bank_statement_line_not_found',
    );
    const before = books.at('bsl_1');
    expect(before).toMatchObject({ left: '700', parkedBecause: 'surplus' });
    books.submit({ type: 'ReturnBankLine', lineId: 'bsl_1' });
    expect(books.money).toEqual([10_000n, 700n, 0n, 10_700n]);
    expect(books.submit({ type: 'CancelBankReturn', lineId: 'bsl_1' })).toBe('decided');
    expect(books.at('bsl_1')).toEqual(before);
    expect(books.money).toEqual([10_000n, 0n, 700n, 10_700n]);
  });
});
