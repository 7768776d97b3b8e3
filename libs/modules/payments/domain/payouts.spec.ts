import { isNoReport, PaymentsJournal } from '../../../testing/payments/payments-journal';
import type { PaymentCommand } from './commands';
import type { PayoutFacts } from './payout-facts';
import type { PayoutOutcome } from './payout-calls';
import { payoutOf } from './records';

const terms = { currency: 'USD', description: null, livemode: false, metadata: {} } as const;
const sentAt = '2026-01-08T00:00:00.000Z';
const noticeAt = '2026-01-09T00:00:00.000Z';
const paidOut: PayoutOutcome = { kind: 'paid_out', railReference: 'sim_po', noticeAt };
const returned: PayoutOutcome = { kind: 'pay_out_failed', failureCode: 'account_closed', message: 'Closed.' };

/** A payout of all that a settled payment left, handed over to its rail. */
class Given {
  readonly journal = new PaymentsJournal();

  constructor() {
    this.do({
      ...{
        type: 'CreatePayment',
        amount: '10000',
        captureMethod: 'automatic',
        confirm: true,
        customer: null,
      },
      ...{
        offSession: false,
        paymentMethod: 'pm_card_visa',
        rail: null,
        returnUrl: null,
        transferGroup: null,
      },
      ...terms,
    });
    const captured = { kind: 'captured', railReference: 'sim_1', fee: '320' } as const;
    const outcome = { ...captured, availableOn: '2026-01-07T00:00:00.000Z' };
    this.do({ type: 'RecordRailOutcome', call: 'att_0', outcome, payment: 'pay_0', refund: null });
    this.at('2026-01-07T12:00:00.000Z').do({
      ...{ type: 'CreatePayout', amount: '9680', bankAccount: null },
      ...terms,
    });
    this.at(sentAt);
  }
  do(command: PaymentCommand): this {
    const decision = this.journal.submit(command);
    if (decision.kind === 'refused') throw new Error(JSON.stringify(decision.refusal));
    return this;
  }
  at(time: string): this {
    this.journal.advance(Date.parse(time), isNoReport);
    return this;
  }
  /** What the rail answers to what it was asked, the first time or later. */
  answers(attempt: number, outcome: PayoutOutcome): this {
    const { call, id } = this.payout;
    return this.do({ type: 'RecordPayoutOutcome', attempt, call: call?.key ?? '', outcome, payout: id });
  }
  refused(command: PaymentCommand): { readonly code: string; readonly status?: string } {
    const decision = this.journal.submit(command);
    if (decision.kind !== 'refused') throw new Error('it was decided');
    const { code, objects } = decision.refusal;
    return {
      code,
      ...((objects?.['payout'] as { readonly status: string } | undefined) && {
        status: (objects?.['payout'] as { readonly status: string }).status,
      }),
    };
  }
  get payout(): PayoutFacts {
    const id = this.journal.events.flatMap((event) =>
      event.type === 'PayoutCreated' ? [event.data.payout.id] : [],
    )[0];
    const payout = id === undefined ? undefined : payoutOf(this.journal.records, id);
    if (payout === undefined) throw new Error('no payout was created');
    return payout;
  }
  get keys(): readonly string[] {
    return [...this.journal.records.keys()].filter((key) => key.includes(this.payout.id));
  }
  get available(): bigint {
    return this.journal.balance('payments:platform:available:USD');
  }
}

describe('a payout whose rail does not tell', () => {
  it.each<[string, PayoutOutcome & { kind: 'paid_out' | 'pay_out_failed' }, string, bigint]>([
    ['paid', { kind: 'paid_out', railReference: 'sim_po' }, 'paid', 0n],
    ['failed', returned, 'failed', 9680n],
  ])('is %s for who found it out, and the rail is asked no more', (_what, outcome, status, available) => {
    const given = new Given();
    const payoutId = given.payout.id;
    const early = { type: 'ResolvePayout', outcome, payoutId } as const;
    expect(given.refused(early)).toEqual({ code: 'call_not_open', status: 'in_transit' });
    given.answers(1, { kind: 'unknown' }).at('2026-01-08T00:00:10.000Z');
    given.do({ type: 'ResolvePayout', outcome, payoutId });
    expect(given.payout).toMatchObject({ status, call: { state: 'ended' } });
    expect(given.available).toBe(available);
    expect(given.journal.dueAt(`payout:${payoutId}`)).toBeUndefined();
    const events = given.journal.events.length;
    given.answers(1, paidOut).at('2026-02-01T00:00:00.000Z');
    expect(given.journal.events).toHaveLength(events);
    expect(given.refused({ type: 'ResolvePayout', outcome, payoutId })).toEqual({
      code: 'call_not_open',
      status,
    });
  });

  it('may have come back, or not, although it was paid', () => {
    const given = new Given().answers(1, paidOut);
    given.do({ type: 'ResolvePayout', outcome: returned, payoutId: given.payout.id });
    expect(given.payout).toMatchObject({ status: 'failed', failureCode: 'account_closed' });
    expect(given.available).toBe(9680n);
    const arrived = new Given().answers(1, paidOut);
    const outcome = { kind: 'paid_out', railReference: 'sim_po' } as const;
    arrived.do({ type: 'ResolvePayout', outcome, payoutId: arrived.payout.id });
    expect(arrived.payout).toMatchObject({ status: 'paid', call: { state: 'ended' } });
  });

  it('is there, and was sent', () => {
    const given = new Given();
    const resolve = { type: 'ResolvePayout', outcome: returned } as const;
    expect(given.refused({ ...resolve, payoutId: 'po_none' })).toEqual({ code: 'payout_not_found' });
    const { journal } = given;
    const created = { type: 'CreatePayout', amount: '1', bankAccount: null, ...terms } as const;
    given.answers(1, returned).do(created);
    const last = journal.events.at(-1);
    const payoutId = last?.type === 'PayoutCreated' ? last.data.payout.id : '';
    expect(given.refused({ ...resolve, payoutId })).toEqual({ code: 'call_not_open', status: 'pending' });
  });
});

describe('a payout that may come back', () => {
  it('is asked about once more, and has arrived when it has not come back by then', () => {
    const given = new Given().answers(1, paidOut);
    expect(given.payout).toMatchObject({ status: 'paid', call: { state: 'open', askAt: noticeAt } });
    given.at(noticeAt).answers(2, paidOut);
    expect(given.payout).toMatchObject({ status: 'paid', call: { state: 'ended' } });
  });

  it.each([
    ['the same answer again', 1],
    ['an answer to what was asked meanwhile', 2],
  ])('is still asked about after %s', (_what, attempt) => {
    const given = new Given();
    // Nobody heard the rail, so it was asked before the first answer came.
    if (attempt === 2) given.journal.submit({ type: 'ActOnPayments', isResumed: true, keys: given.keys });
    given.answers(1, paidOut).answers(attempt, paidOut);
    expect(given.payout.call).toMatchObject({ state: 'open', askAt: noticeAt });
    given.at(noticeAt).answers(attempt + 1, returned);
    expect(given.payout).toMatchObject({ status: 'failed', failureCode: 'account_closed' });
    expect(given.available).toBe(9680n);
  });

  it('is asked about when the first answer to it comes after it may have come back', () => {
    const given = new Given();
    given.journal.submit({ type: 'ActOnPayments', isResumed: true, keys: given.keys });
    given.at('2026-01-09T06:00:00.000Z').answers(1, paidOut);
    expect(given.payout).toMatchObject({ status: 'paid', call: { state: 'open' } });
    given.at('2026-01-09T12:00:00.000Z').answers(given.payout.call?.attempt ?? 0, returned);
    expect(given.payout).toMatchObject({ status: 'failed' });
    expect(given.available).toBe(9680n);
  });
});
