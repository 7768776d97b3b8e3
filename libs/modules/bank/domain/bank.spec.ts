import { PaymentsJournal } from '../../../testing/payments/payments-journal';
import { bankTransferRail } from '@fintech-ledger/payments/domain';
import type { BankCommand, ImportBankLines, NewLine } from './commands';
import { bankLineOf, statementOf } from './records';

const reference = 'RF18539007547034';
const line: NewLine = {
  ...{ amount: '10000', bankReference: null, bookedOn: '2026-01-05', direction: 'credit', subject: 'sub_1' },
  ...{ endToEndId: null, named: null, origin: null, partyIban: 'sealed:1:x', partyName: null },
  ...{ reference, remittance: null, valueOn: null },
};
const statement: ImportBankLines['statement'] = {
  ...{
    closingBalance: '10000',
    currency: 'EUR',
    digest: 'd',
    from: null,
    iban: 'DE89370400440532013000',
    to: null,
  },
  ...{ id: 'bst_1', lines: 1, livemode: false, openingBalance: '0', statementId: '1' },
};
const importOf = (
  lines: readonly NewLine[],
  more: Partial<ImportBankLines['statement']> = {},
): ImportBankLines => ({
  type: 'ImportBankLines',
  ...{ from: 0, lines, place: '/Stmt', statement: { ...statement, lines: lines.length, ...more } },
});

/** A journal with a payment of 100.00 that waits for its transfer. */
function waiting(
  amount = '10000',
  name = reference,
): { readonly journal: PaymentsJournal; readonly payment: string } {
  const journal = new PaymentsJournal();
  return { journal, payment: another(journal, amount, name) };
}
function another(journal: PaymentsJournal, amount: string, railReference: string): string {
  const decision = journal.submit({
    type: 'CreatePayment',
    ...{
      amount,
      captureMethod: 'automatic',
      confirm: true,
      currency: 'EUR',
      customer: null,
      description: null,
    },
    ...{ livemode: false, metadata: {}, offSession: false, paymentMethod: null, rail: bankTransferRail },
    ...{ returnUrl: null, transferGroup: null },
  });
  const [created] = decision.kind === 'decided' ? decision.events : [];
  if (created?.type !== 'PaymentCreated') throw new Error('it is not');
  const { id } = created.data.payment;
  const outcome = {
    kind: 'requires_transfer',
    railReference,
    expiresAt: '2026-01-19T12:00:00.000Z',
  } as const;
  const call = created.data.payment.call?.key ?? '';
  journal.submit({ type: 'RecordRailOutcome', call, outcome, payment: id, refund: null });
  return id;
}
const refusedAs = (journal: PaymentsJournal, command: BankCommand, code: string, param?: string): void =>
  expect(journal.submit(command)).toMatchObject({
    kind: 'refused',
    refusal: { code, ...(param !== undefined && { param }) },
  });
const typesOf = (journal: PaymentsJournal, command: BankCommand): readonly string[] => {
  const decision = journal.submit(command);
  return decision.kind === 'decided' ? decision.events.map(({ type }) => type) : [decision.refusal.code];
};

describe('a payment by bank transfer', () => {
  it('shows where the money is to go, is not asked about, and ends after its time', () => {
    const { journal, payment } = waiting();
    expect(journal.payment(payment)).toMatchObject({
      status: 'requires_action',
      call: { state: 'ended' },
      nextAction: { type: 'display_bank_transfer_instructions', iban: statement.iban, reference },
    });
    expect(journal.dueAt(`payment:${payment}`)).toBe('2026-01-19T12:00:00.000Z');
    journal.advance(Date.parse('2026-01-19T12:00:00.000Z'));
    expect(journal.payment(payment)).toMatchObject({
      status: 'canceled',
      cancellationReason: 'expired',
      nextAction: null,
      attempt: { status: 'canceled' },
    });
    expect(typesOf(journal, importOf([line]))).toEqual(['BankLineBooked', 'BankStatementImported']);
    expect(bankLineOf(journal.records, 'bsl_1')).toMatchObject({
      status: 'parked',
      parkedBecause: 'not_waiting',
    });
  });

  it('succeeds with the line that names its reference, and what is too much stays', () => {
    const { journal, payment } = waiting();
    expect(typesOf(journal, importOf([{ ...line, amount: '10700' }]))).toEqual([
      'BankLineBooked',
      'PaymentCaptured',
      'BankStatementImported',
    ]);
    expect(journal.payment(payment)).toMatchObject({
      status: 'succeeded',
      amountCaptured: '10000',
      pending: '0',
    });
    expect(bankLineOf(journal.records, 'bsl_1')).toMatchObject({
      ...{ left: '700', parkedBecause: 'surplus', status: 'parked' },
      matches: [{ amount: '10000', object: payment }],
    });
    expect([journal.balance('payments:bank:EUR'), journal.balance('payments:unapplied:EUR')]).toEqual([
      10_700n,
      700n,
    ]);
  });

  it('waits for the whole, in whichever statements its parts come', () => {
    const { journal, payment } = waiting();
    journal.submit(importOf([{ ...line, amount: '4000' }]));
    expect(journal.payment(payment).status).toBe('requires_action');
    expect(bankLineOf(journal.records, 'bsl_1')).toMatchObject({
      ...{ left: '4000', parkedBecause: 'awaiting_rest', payment, status: 'parked' },
    });
    journal.submit(importOf([{ ...line, amount: '6000', subject: 'sub_2' }], { id: 'bst_2' }));
    expect(journal.payment(payment).status).toBe('succeeded');
    for (const id of ['bsl_1', 'bsl_2'])
      expect(bankLineOf(journal.records, id)).toMatchObject({ left: '0', payment: null, status: 'matched' });
    expect(journal.balance('payments:unapplied:EUR')).toBe(0n);
  });

  it('is found by amount and name when it waits for just that, and not otherwise', () => {
    const { journal, payment } = waiting();
    const named = { ...line, named: payment, reference: null };
    journal.submit(
      importOf([
        { ...named, amount: '9999' },
        { ...named, subject: 'sub_2' },
        { ...named, subject: 'sub_3' },
      ]),
    );
    expect(['bsl_1', 'bsl_2', 'bsl_3'].map((id) => bankLineOf(journal.records, id)?.status)).toEqual([
      'parked',
      'matched',
      'parked',
    ]);
  });

  const command = {
    type: 'CreatePayment',
    ...({
      amount: '1',
      captureMethod: 'manual',
      confirm: false,
      currency: 'EUR',
      customer: null,
      description: null,
    } as const),
    ...{ livemode: false, metadata: {}, offSession: false, paymentMethod: null, rail: bankTransferRail },
    ...{ returnUrl: null, transferGroup: null },
  } as const;

  it('can not be held for a later capture', () => {
    const journal = new PaymentsJournal();
    const refusal = { code: 'rail_unavailable', param: '/capture_method' };
    expect(journal.submit(command)).toMatchObject({ kind: 'refused', refusal });
    const live = { ...command, captureMethod: 'automatic', livemode: true } as const;
    expect(journal.submit(live)).toMatchObject({ refusal: { code: 'rail_unavailable', param: '/currency' } });
  });

  it('names no field that only its creation had, as its rail', () => {
    const journal = new PaymentsJournal();
    const made = journal.submit({ ...command, captureMethod: 'automatic' });
    const [event] = made.kind === 'decided' ? made.events : [];
    const paymentId = event?.type === 'PaymentCreated' ? event.data.payment.id : '';
    for (const type of ['UpdatePayment', 'ConfirmPayment'] as const)
      expect(journal.submit({ type, paymentId, paymentMethod: 'pm_card_visa' })).toMatchObject({
        refusal: { code: 'rail_unavailable', param: '/payment_method' },
      });
  });
});

describe('a statement', () => {
  it.each([[{ digest: 'other' }], [{ closingBalance: '1' }], [{ openingBalance: '1' }]])(
    'is said to differ where another one comes under its id, and nothing of that is booked: %j',
    (more) => {
      const { journal } = waiting();
      journal.submit(importOf([line]));
      const [same, other] = [{}, more].map((one) => journal.submit(importOf([line], one)));
      const shown = { importedBefore: true, linesImported: 1 };
      expect(same).toMatchObject({ events: [], answeredAs: [{ data: { bankStatement: shown } }] });
      expect(JSON.stringify(same)).not.toContain('differs');
      expect(other).toMatchObject({
        events: [],
        answeredAs: [{ data: { bankStatement: { ...shown, differs: true } } }],
      });
    },
  );

  it('is refused with a line of nothing, which could not be booked', () => {
    const { journal } = waiting();
    refusedAs(
      journal,
      importOf([line, { ...line, subject: 'sub_2', amount: '0' }]),
      'statement_invalid',
      '/Stmt',
    );
    expect(statementOf(journal.records, 'bst_1')).toBeUndefined();
  });

  it('changes nothing when it is imported again, and goes on where it ended', () => {
    const { journal } = waiting();
    const lines = [line, { ...line, subject: 'sub_2', reference: null }];
    const whole = importOf(lines);
    journal.submit({ ...whole, lines: lines.slice(0, 1) });
    expect(statementOf(journal.records, 'bst_1')).toMatchObject({ lines: 2, linesImported: 1 });
    expect(typesOf(journal, { ...whole, lines: lines.slice(0, 1) })).toEqual([]);
    refusedAs(journal, importOf(lines, { digest: 'other' }), 'statement_changed', '/Stmt');
    journal.submit({ ...whole, from: 1, lines: lines.slice(1) });
    expect(statementOf(journal.records, 'bst_1')).toMatchObject({ linesImported: 2, matched: 1, parked: 1 });
    expect(typesOf(journal, whole)).toEqual([]);
    expect(typesOf(journal, importOf(lines, { digest: 'other' }))).toEqual([]);
  });

  it('says what the one before it ended with', () => {
    const { journal } = waiting();
    journal.submit(importOf([line]));
    journal.submit(importOf([], { id: 'bst_2', openingBalance: '9000', closingBalance: '9000' }));
    expect(statementOf(journal.records, 'bst_2')).toMatchObject({
      previousClosing: '10000',
      openingBalance: '9000',
    });
  });

  it('is of an account of the environment, in its currency', () => {
    const { journal } = waiting();
    refusedAs(
      journal,
      importOf([line], { iban: 'GB33BUKB20201555555555' }),
      'unknown_bank_account',
      '/Stmt/Acct',
    );
    const accounts = [{ accountHolder: 'Us', bic: null, currency: 'USD', iban: statement.iban }];
    journal.submit({ type: 'PutBankAccounts', accounts });
    refusedAs(journal, importOf([line]), 'unknown_bank_account', '/Stmt/Acct');
  });
});

describe('a parked line', () => {
  it('is matched by hand, leaves the payment whose rest it waited for, and completes the other one', () => {
    const { journal, payment } = waiting();
    const other = another(journal, '4000', 'RF712348231');
    journal.submit(importOf([{ ...line, amount: '4000' }]));
    journal.submit({ type: 'MatchBankLine', lineId: 'bsl_1', object: other });
    expect(journal.payment(other).status).toBe('succeeded');
    journal.submit(importOf([{ ...line, amount: '6000', subject: 'sub_2' }], { id: 'bst_2' }));
    expect(journal.payment(payment).status).toBe('requires_action');
    refusedAs(
      journal,
      { type: 'MatchBankLine', lineId: 'bsl_1', object: payment },
      'bank_statement_line_unexpected_state',
    );
  });

  it('goes back to its account, and is over when a statement has that', () => {
    const { journal } = waiting();
    journal.submit(
      importOf([
        { ...line, reference: null },
        { ...line, subject: 'sub_2', partyIban: null, reference: null },
      ]),
    );
    refusedAs(journal, { type: 'ReturnBankLine', lineId: 'bsl_2' }, 'bank_statement_line_not_returnable');
    journal.submit({ type: 'ReturnBankLine', lineId: 'bsl_1' });
    expect(journal.balance('payments:refunds_in_transit:EUR')).toBe(10_000n);
    const out = { ...line, direction: 'debit', origin: 'bsl_1', reference: null, subject: 'sub_3' } as const;
    journal.submit(importOf([out], { id: 'bst_2' }));
    expect(bankLineOf(journal.records, 'bsl_1')).toMatchObject({
      status: 'returned',
      returnedAt: journal.now,
    });
    expect(journal.balance('payments:refunds_in_transit:EUR')).toBe(0n);
    expect(journal.balance('payments:bank:EUR')).toBe(10_000n);
  });

  it.each([
    ['bsl_9', 'pay_1', 'bank_statement_line_not_found'],
    ['bsl_1', 'pay_9', 'payment_not_found'],
    ['bsl_1', 're_9', 'refund_not_found'],
  ])('is refused for what is not there: %s for %s', (lineId, object, code) => {
    const { journal } = waiting();
    journal.submit(importOf([{ ...line, reference: null }]));
    refusedAs(journal, { type: 'MatchBankLine', lineId, object }, code);
  });

  it('is forgotten, and keeps its money', () => {
    const { journal } = waiting();
    journal.submit(importOf([{ ...line, reference: null, remittance: 'sealed:1:y' }]));
    expect(typesOf(journal, { type: 'EraseBankLine', lineId: 'bsl_1' })).toEqual(['BankLineErased']);
    expect(bankLineOf(journal.records, 'bsl_1')).toMatchObject({
      partyIban: null,
      remittance: null,
      left: '10000',
    });
  });
});

it('a refund waits for the statement that has it, and is given back when it comes back', () => {
  const { journal, payment } = waiting();
  journal.submit(importOf([line]));
  journal.submit({ type: 'CreateRefund', paymentId: payment, amount: '2500', metadata: {}, reason: null });
  const id = String(
    [...journal.records.keys()].find((key) => key.startsWith('refund:'))?.slice('refund:'.length),
  );
  const told = { kind: 'pending', railReference: id, isTold: true } as const;
  journal.submit({ type: 'RecordRailOutcome', call: id, outcome: told, payment, refund: id });
  expect(journal.refund(id)).toMatchObject({ status: 'pending', call: { state: 'ended' } });
  expect(journal.dueAt(`refund:${id}`)).toBeUndefined();
  const out = {
    ...line,
    amount: '2500',
    direction: 'debit',
    origin: id,
    reference: null,
    subject: 'sub_2',
  } as const;
  journal.submit(importOf([out], { id: 'bst_2' }));
  expect(journal.refund(id).status).toBe('succeeded');
  expect(journal.balance('payments:bank:EUR')).toBe(7_500n);
  journal.submit(importOf([{ ...out, direction: 'credit', subject: 'sub_3' }], { id: 'bst_3' }));
  expect(journal.refund(id)).toMatchObject({ status: 'failed', failureReason: 'returned' });
  expect(journal.payment(payment).amountRefunded).toBe('0');
  expect([
    journal.balance('payments:platform:available:EUR'),
    journal.balance('payments:unapplied:EUR'),
  ]).toEqual([10_000n, 0n]);
});
