import { PaymentsJournal } from '../../../testing/payments/payments-journal';
import type { PaymentCommand } from './commands';
import { railEffectsOf } from './rail-effects';
import type { RailOutcome } from './rail-calls';

const pay = 'pay_0';
const captured: RailOutcome = {
  kind: 'captured',
  railReference: 'ch_1',
  fee: '320',
  availableOn: '2026-01-07T00:00:00.000Z',
};

/** A payment whose rail has not told. */
function silent(captureMethod: 'automatic' | 'manual' = 'automatic') {
  const journal = new PaymentsJournal();
  const submit = (command: PaymentCommand): string => {
    const decision = journal.submit(command);
    return decision.kind === 'refused' ? decision.refusal.code : 'decided';
  };
  const says = (outcome: RailOutcome, refund: string | null = null): string => {
    const call = refund ?? journal.payment(pay).call?.key ?? '';
    return submit({ type: 'RecordRailOutcome', call, outcome, payment: pay, refund });
  };
  const resolve = (outcome: RailOutcome, refundId: string | null = null): string =>
    submit({ type: 'ResolveRailCall', outcome, ...(refundId === null ? { paymentId: pay } : { refundId }) });
  submit({
    type: 'CreatePayment',
    ...{
      amount: '10000',
      captureMethod,
      confirm: true,
      currency: 'USD',
      customer: null,
      description: null,
      livemode: false,
    },
    ...{ metadata: {}, offSession: false, paymentMethod: 'pm_card_visa', rail: null, returnUrl: null },
    transferGroup: null,
  });
  return { journal, submit, says, resolve };
}
const reached = { kind: 'requires_action', railReference: 'ch_1', url: '/page' } as const;

describe('a call whose outcome stays unknown', () => {
  it('is ended by who found it out, and booked as if the rail had told', () => {
    const { journal, says, resolve } = silent();
    says({ kind: 'unknown' });
    expect(resolve(captured)).toBe('decided');
    expect(journal.payment(pay)).toMatchObject({ status: 'succeeded', amountCaptured: '10000', fee: '320' });
    expect(journal.balance('payments:platform:pending:USD')).toBe(9_680n);
    // It is asked no more, and what the rail tells after that changes nothing.
    expect(journal.dueAt(`payment:${pay}`)).toBeUndefined();
    const events = journal.events.length;
    says(captured);
    expect(journal.events).toHaveLength(events);
    expect(railEffectsOf(journal.events[events - 1] as never)).toEqual([]);
  });

  it.each<[string, 'automatic' | 'manual', RailOutcome, string]>([
    [
      'declined',
      'automatic',
      { kind: 'declined', railReference: null, declineCode: 'x', message: 'No.' },
      'decided',
    ],
    ['authorized', 'manual', { kind: 'authorized', railReference: 'ch_1' }, 'decided'],
    ['captured without a capture', 'manual', captured, 'outcome_not_possible'],
    [
      'authorized with one',
      'automatic',
      { kind: 'authorized', railReference: 'ch_1' },
      'outcome_not_possible',
    ],
    ['refunded', 'automatic', { kind: 'refunded', railReference: 'r' }, 'outcome_not_possible'],
    ['voided', 'automatic', { kind: 'voided' }, 'outcome_not_possible'],
  ])('may have been %s (%s)', (_what, method, outcome, result) => {
    const { says, resolve } = silent(method);
    says({ kind: 'unknown' });
    expect(resolve(outcome)).toBe(result);
  });

  it('is none while somebody waits for it, a payer has to act, or it is known', () => {
    const { says, resolve } = silent();
    expect(resolve(captured)).toBe('call_not_open');
    says(reached);
    expect(resolve(captured)).toBe('call_not_open');
    says(captured);
    expect(resolve(captured)).toBe('call_not_open');
  });

  it('may be that of a refund, which is cleared or given back', () => {
    const { journal, submit, says, resolve } = silent();
    says(captured);
    submit({ type: 'CreateRefund', paymentId: pay, amount: '1000', metadata: {}, reason: null });
    const refund = journal.events.findLast(({ type }) => type === 'RefundCreated')?.data as never as {
      refund: { id: string };
    };
    const { id } = refund.refund;
    expect(resolve({ kind: 'refunded', railReference: 'r' }, id)).toBe('call_not_open');
    says({ kind: 'unknown' }, id);
    expect(resolve(captured, id)).toBe('outcome_not_possible');
    expect(resolve({ kind: 'refund_failed', reason: 'expired_or_canceled_card' }, id)).toBe('decided');
    expect(journal.refund(id).status).toBe('failed');
    expect(journal.balance('payments:refunds_in_transit:USD')).toBe(0n);
    expect(resolve({ kind: 'refunded', railReference: 'r' }, 're_none')).toBe('refund_not_found');
  });

  it('is over once its rail has said that it tells the rest on its own, also when it is asked', () => {
    const { journal, submit, says, resolve } = silent();
    says(captured);
    submit({ type: 'CreateRefund', paymentId: pay, amount: '1000', metadata: {}, reason: null });
    const id = [...journal.records.keys()].find((key) => key.startsWith('refund:'))?.slice(7) ?? '';
    const askedTimes = (): number =>
      journal.events.filter(({ type }) => type === 'RefundCallRepeated').length;
    // Its first call was lost.
    says({ kind: 'unknown' }, id);
    journal.run('2026-01-05T13:00:00.000Z');
    const asked = askedTimes();
    expect(asked).toBeGreaterThan(0);
    says({ kind: 'pending', railReference: 'r', isTold: true }, id);
    expect(journal.refund(id)).toMatchObject({ call: { state: 'ended' }, status: 'pending' });
    expect(journal.dueAt(`refund:${id}`)).toBeUndefined();
    journal.run('2026-01-07T00:00:00.000Z');
    expect(askedTimes()).toBe(asked);
    expect(resolve({ kind: 'refunded', railReference: 'r' }, id)).toBe('call_not_open');
    // Said again, it changes nothing.
    const events = journal.events.length;
    says({ kind: 'pending', railReference: 'r', isTold: true }, id);
    says({ kind: 'unknown' }, id);
    expect(journal.events).toHaveLength(events);
  });
});
