import { PaymentsJournal } from '../../../testing/payments/payments-journal';
import { canonicalJson } from '@fintech-ledger/envelope';
import type { PaymentCommand, PayoutBatchFacts, PayoutSchedule } from '@fintech-ledger/payments/domain';
import { batchOf, payoutOf } from '@fintech-ledger/payments/domain';
import { formerAccountsMax } from './limits';

const own = {
  accountHolder: 'Example Shop Ltd',
  bic: null,
  currency: 'EUR',
  iban: 'DE89370400440532013000',
};
const payee = { ...own, iban: 'DE02120300000000202051', purpose: 'payout' } as const;
const payOut = { type: 'CreatePayout', amount: '100', bankAccount: null, currency: 'EUR' } as const;
const terms = { description: null, livemode: false, metadata: {} };
const midnight = '2026-01-06T00:00:00.000Z';

/** 1,000.00 in euros, available, and the accounts of the environment. */
const given = (...accounts: readonly object[]): PaymentsJournal => givenWith('100000', ...accounts);
/** The same, with so much. */
function givenWith(amount: string, ...accounts: readonly object[]): PaymentsJournal {
  const journal = new PaymentsJournal();
  journal.submit({ type: 'PutBankAccounts', accounts: accounts as never });
  const payment = { amount, captureMethod: 'automatic', confirm: true, currency: 'EUR', ...terms };
  const visa = { customer: null, offSession: false, paymentMethod: 'pm_card_visa', rail: null } as const;
  journal.submit({
    ...{ type: 'CreatePayment', ...payment, ...visa, returnUrl: null, transferGroup: null },
  } as PaymentCommand);
  const { id, call } = journal.payment(`pay_${journal.events.length - 1}`);
  const outcome = { kind: 'captured', railReference: 'r', fee: '0', availableOn: journal.now } as const;
  journal.submit({ type: 'RecordRailOutcome', call: call?.key ?? '', outcome, payment: id, refund: null });
  return journal;
}
function created(journal: PaymentsJournal, more: object = {}): string {
  const decision = journal.submit({ ...payOut, ...terms, ...more });
  if (decision.kind === 'refused') throw new Error(JSON.stringify(decision.refusal));
  const [event] = decision.events;
  return event?.type === 'PayoutCreated' ? event.data.payout.id : '';
}
const refusedWith = (journal: PaymentsJournal, more: object): readonly (string | undefined)[] => {
  const decision = journal.submit({ ...payOut, ...terms, ...more });
  return decision.kind === 'refused' ? [decision.refusal.code, decision.refusal.param] : [];
};
const batchesIn = (journal: PaymentsJournal): readonly PayoutBatchFacts[] =>
  journal.events.flatMap((event) => (event.type === 'PayoutBatchMade' ? [event.data.payoutBatch] : []));
const payoutsIn = (journal: PaymentsJournal): readonly string[] =>
  journal.events.flatMap((event) => (event.type === 'PayoutCreated' ? [event.data.payout.amount] : []));
const due = (keys: readonly string[], isResumed = false): PaymentCommand => ({
  ...{ type: 'ActOnPayments', keys: keys.map((id) => `payout:${id}`) },
  ...(isResumed && { isResumed }),
});

describe('payouts by bank', () => {
  it('are one batch of their day, made with the last of them, wherever a crash comes between', () => {
    const journal = given(own, payee);
    const ids = [created(journal), created(journal, { amount: '250' }), created(journal)];
    journal.submit({ type: 'CancelPayout', payoutId: ids[2] ?? '' });
    journal.now = midnight;
    journal.submit(due(ids.slice(0, 1)));
    expect(batchesIn(journal)).toEqual([]);
    // A new process has what events say, and sends what is left; then again, and nothing is sent twice.
    const after = new PaymentsJournal();
    journal.events.forEach((event) => after.apply(event));
    after.now = midnight;
    for (const isResumed of [true, false, true]) after.submit(due(ids, isResumed));
    expect(batchesIn(after)).toEqual([
      {
        ...{ amount: '350', count: 2, createdAt: midnight, currency: 'EUR', id: 'pob_20260106EUR' },
        ...{ livemode: false, sendsAt: midnight },
        creditors: [expect.objectContaining({ iban: payee.iban })],
        debtor: expect.objectContaining({ iban: own.iban }) as unknown,
      },
    ]);
    expect(after.events.filter(({ type }) => type === 'PayoutSent')).toHaveLength(2);
    expect(ids.map((id) => batchOf(payoutOf(after.records, id) as never))).toEqual([
      'pob_20260106EUR',
      'pob_20260106EUR',
      null,
    ]);
  });

  it('go where they were to go, also when the accounts are forgotten meanwhile', () => {
    const journal = given(own, payee);
    created(journal);
    journal.submit({ type: 'PutBankAccounts', accounts: [] });
    journal.advance(Date.parse(midnight));
    expect(batchesIn(journal)).toMatchObject([{ count: 1, creditors: [{ iban: payee.iban }] }]);
  });

  it('go to accounts that are said again without a change, also after a replay', () => {
    const journal = new PaymentsJournal();
    const said = { type: 'PutBankAccounts', accounts: [own, payee] as never } as const;
    journal.submit(said);
    // As they are stored, members are in another order.
    const replayed = new PaymentsJournal();
    for (const { data, type } of journal.events)
      replayed.apply({ type, data: JSON.parse(canonicalJson(data)) as unknown } as never);
    for (const each of [journal, replayed])
      expect(each.submit(said)).toMatchObject({ kind: 'decided', events: [] });
  });

  it('have their batch and its file, however many accounts are said and forgotten meanwhile', () => {
    const journal = given(own, payee);
    const id = created(journal, { livemode: true });
    const { accountHolder, bic, iban } = payee;
    for (let n = 10; n <= formerAccountsMax + 20; n += 1)
      journal.submit({ type: 'PutBankAccounts', accounts: [{ ...payee, iban: `DE00${n}` }] });
    journal.advance(Date.parse(midnight));
    // What it is paid from is the last account on which euros came in; where it goes, it says itself.
    expect(batchesIn(journal)).toMatchObject([{ count: 1, creditors: [], debtor: { iban: own.iban } }]);
    const sent = payoutOf(journal.records, id);
    expect(sent).toMatchObject({ payee: { accountHolder, bic, iban }, status: 'in_transit' });
    // Others of the currency that were forgotten before are kept no longer than all are.
    const { former } = journal.records.get('bank_accounts:all') as never as { former: readonly object[] };
    expect(former).toHaveLength(formerAccountsMax + 1);
  });

  it('make a batch a day and a currency, and none where all are canceled', () => {
    const journal = given(own, payee);
    created(journal);
    journal.advance(Date.parse(midnight));
    const canceled = created(journal);
    journal.submit({ type: 'CancelPayout', payoutId: canceled });
    journal.advance(Date.parse('2026-01-07T00:00:00.000Z'));
    created(journal);
    journal.advance(Date.parse('2026-01-08T00:00:00.000Z'));
    expect(batchesIn(journal).map(({ id }) => id)).toEqual(['pob_20260106EUR', 'pob_20260108EUR']);
  });

  it('of a schedule go with the file of the next day: that of the day may be made already', () => {
    const journal = given(own, payee);
    const days = { delayDays: 0, interval: 'daily', minimumAmount: null } as const;
    const schedule = { ...days, monthlyAnchor: null, weeklyAnchor: null };
    journal.submit({ type: 'SetPayoutSchedule', livemode: false, schedule });
    created(journal);
    journal.advance(Date.parse(midnight));
    expect(batchesIn(journal)).toMatchObject([{ amount: '100', id: 'pob_20260106EUR' }]);
    journal.advance(Date.parse('2026-01-07T00:00:00.000Z'));
    expect(batchesIn(journal).slice(1)).toMatchObject([{ amount: '99900', id: 'pob_20260107EUR' }]);
  });

  it('are refused where there is nowhere to pay to, or nothing to pay from', () => {
    expect(refusedWith(given(own), { livemode: true })).toEqual(['rail_unavailable', '/rail']);
    const dollars = { ...payee, currency: 'USD' };
    expect(refusedWith(given(own, dollars), { livemode: true })).toEqual([
      'unknown_bank_account',
      '/bank_account',
    ]);
    expect(refusedWith(given(payee), { livemode: true })).toEqual(['rail_unavailable', '/currency']);
    expect(refusedWith(given(own, payee), { livemode: true, bankAccount: 'ba_sim' })).toEqual([
      'unknown_bank_account',
      '/bank_account',
    ]);
    // The account that is paid from is not one that payouts go to.
    expect(refusedWith(given(own, payee), { bankAccount: 'ba_0' })).toEqual([
      'unknown_bank_account',
      '/bank_account',
    ]);
    expect(refusedWith(given(own, payee), { amount: '1'.repeat(19) })).toEqual([
      'payout_too_large',
      '/amount',
    ]);
  });

  it('by a schedule are as many as it takes, none of more than a transfer has digits', () => {
    const most = '9'.repeat(18);
    // The last part is less than the minimum: what is paid out together is held against it.
    const schedule: PayoutSchedule = {
      ...{ delayDays: 0, minimumAmount: '1000', monthlyAnchor: null, weeklyAnchor: null },
      interval: 'daily',
    };
    const journal = givenWith(String(2n * BigInt(most) + 500n), own, payee);
    journal.submit({ type: 'SetPayoutSchedule', livemode: false, schedule });
    journal.run(midnight);
    expect(payoutsIn(journal)).toEqual([most, most, '500']);
    journal.run('2026-01-07T00:00:00.000Z');
    expect(batchesIn(journal)).toMatchObject([{ amount: String(2n * BigInt(most) + 500n), count: 3 }]);
    // What a bank could not carry in a day goes on with the next run.
    const large = givenWith(String(12n * BigInt(most)), own, payee);
    large.submit({ type: 'SetPayoutSchedule', livemode: false, schedule });
    large.now = midnight;
    large.submit({ type: 'ActOnPayments', keys: ['payout_schedule:platform'] });
    expect(payoutsIn(large)).toEqual(Array(10).fill(most));
    large.run('2026-01-07T00:00:00.000Z');
    expect(payoutsIn(large)).toEqual(Array(12).fill(most));
  });

  it('in a sandbox may go to test accounts still', () => {
    const journal = given(own, payee);
    const id = created(journal, { bankAccount: 'ba_sim' });
    expect(payoutOf(journal.records, id)).toMatchObject({ rail: 'simulator' });
    journal.advance(Date.parse(midnight));
    expect(batchesIn(journal)).toEqual([]);
  });
});
