import { metadataOf } from '../../../../testing/metadata-of';
import { isNoReport, PaymentsJournal } from '../../../../testing/payments/payments-journal';
import { netOf } from '../balance-line';
import { balanceLinesOf } from '../balance-lines';
import type { CreatePayment, PaymentCommand } from '../commands';
import type { PaymentEvent } from '../events';
import type { PaymentFacts } from '../facts';
import { disputeKey, disputeOf } from '../records';
import { showPayment } from '../show-payment';
import { disputeEffectsOf } from './dispute-calls';
import type { DisputeNews } from './dispute-calls';
import type { DisputeFacts } from './dispute-facts';
import { disputeDueAt, dueOfDispute } from './record-dispute';

const create: CreatePayment = {
  type: 'CreatePayment',
  amount: '10000',
  captureMethod: 'automatic',
  confirm: true,
  currency: 'USD',
  customer: null,
  description: null,
  livemode: false,
  metadata: {},
  offSession: false,
  paymentMethod: 'pm_card_createDispute',
  rail: null,
  returnUrl: null,
  transferGroup: null,
};
const pay = 'pay_0';
const noticeAt = '2026-01-06T12:00:00.000Z';
const dueBy = '2026-01-13T12:00:00.000Z';
const disputed: DisputeNews = {
  kind: 'disputed',
  amount: '10000',
  evidenceDueBy: dueBy,
  fee: '1500',
  railReference: 'sim_dp',
  reason: 'fraudulent',
};

class Given {
  readonly journal = new PaymentsJournal();

  /** Accepted, or the spec is wrong. */
  do(command: PaymentCommand): this {
    const decision = this.journal.submit(command);
    if (decision.kind === 'refused') throw new Error(JSON.stringify(decision.refusal));
    return this;
  }
  paid(more: object = { noticeAt }): this {
    const availableOn = '2026-01-07T00:00:00.000Z';
    const outcome = { kind: 'captured', railReference: 'sim_1', fee: '320', availableOn, ...more } as const;
    return this.do(create).do({
      type: 'RecordRailOutcome',
      call: 'att_0',
      outcome,
      payment: pay,
      refund: null,
    });
  }
  at(time: string): this {
    this.journal.advance(Date.parse(time), isNoReport);
    return this;
  }
  /** The rail is asked at its time, and says this. */
  says(news: DisputeNews): this {
    return this.do({ type: 'RecordDispute', call: `${pay}:dispute`, news, payment: pay });
  }
  disputed(more: object = {}): this {
    return this.at(noticeAt).says({ ...disputed, ...more });
  }
  refund(amount?: string): this {
    return this.do({ ...refund, ...(amount !== undefined && { amount }) });
  }
  /** What the rail says to what it was told. */
  answers(outcome: Extract<PaymentCommand, { type: 'RecordDisputeResponse' }>['outcome']): this {
    const { call, id } = this.dispute;
    return this.do({ type: 'RecordDisputeResponse', call: call?.key ?? '', dispute: id, outcome });
  }
  /** The code of the refusal, and the field that is to blame. */
  refused(command: PaymentCommand): string {
    const decision = this.journal.decide(command);
    if (decision.kind !== 'refused') return 'accepted';
    return `${decision.refusal.code} ${decision.refusal.param ?? ''}`.trim();
  }
  get payment(): PaymentFacts {
    return this.journal.payment(pay);
  }
  get dispute(): DisputeFacts {
    const id = [...this.journal.records.keys()].find((key) => key.startsWith('dispute:')) ?? '';
    const dispute = disputeOf(this.journal.records, id.slice('dispute:'.length));
    if (dispute === undefined) throw new Error('there is no dispute');
    return dispute;
  }
  get types(): readonly string[] {
    return this.journal.events.map(({ type }) => type);
  }
  get last(): PaymentEvent {
    return this.journal.events.at(-1) as PaymentEvent;
  }
  /** Of the last event. */
  get lines(): readonly string[] {
    return balanceLinesOf(this.last).map(({ type, ...line }) => `${type} ${netOf(line)}`);
  }
  /** Balances that are not zero, without what is the same in all addresses. */
  get balances(): Readonly<Record<string, string>> {
    const all = this.journal.accounts.map(({ address }): [string, string] => [
      address.replace('payments:', '').replace(':USD', ''),
      String(this.journal.balance(address)),
    ]);
    return Object.fromEntries(all.filter(([, balance]) => balance !== '0'));
  }
}
const given = (): Given => new Given();
const refund = { type: 'CreateRefund', paymentId: pay, metadata: {}, reason: null } as const;
const disputeId = 'dp_4';
const evidence = { type: 'GiveEvidence', disputeId, files: [], submit: true, text: 'Delivered.' } as const;
const expected = { type: 'ExpectDisputeDecision', disputeId } as const;
const accept = { type: 'AcceptDispute', disputeId } as const;
const won = { type: 'ResolveDispute', disputeId, outcome: 'won' } as const;
const lost = { ...won, outcome: 'lost' } as const;

describe('a rail that has something to say of a payment', () => {
  it('is asked when it has said it would, and not where it says nothing', () => {
    expect(given().paid({}).types).not.toContain('DisputeExpected');
    const it = given().paid();
    expect(it.types).toEqual(['PaymentCreated', 'DisputeExpected', 'PaymentCaptured']);
    it.at('2026-01-06T11:59:59.999Z');
    expect(it.types).toHaveLength(3);
    it.at(noticeAt);
    expect(disputeEffectsOf(it.last)).toMatchObject([
      { kind: 'ask_dispute', key: 'pay_0:dispute', data: { payment: pay, dispute: null, at: noticeAt } },
    ]);
    it.says({ kind: 'not_disputed' });
    expect(it.types.slice(3)).toEqual(['DisputeAsked', 'DisputeNotOpened']);
    it.at('2026-01-20T00:00:00.000Z');
    expect(it.types.filter((type) => type === 'DisputeAsked')).toHaveLength(1);
  });

  it('is asked again until it answers, and what it says again changes nothing', () => {
    const it = given().paid().at(noticeAt).at('2026-01-06T13:00:00.000Z');
    expect(it.types.filter((type) => type === 'DisputeAsked')).toHaveLength(2);
    it.says(disputed).says(disputed).says({ kind: 'not_disputed' });
    expect(it.types.filter((type) => type.startsWith('DisputeO') || type === 'DisputeNotOpened')).toEqual([
      'DisputeOpened',
    ]);
  });
});

describe('a dispute', () => {
  it('takes its amount and a fee from what is available, whatever is there, and the rail keeps both back', () => {
    const it = given().paid().disputed();
    expect(it.dispute).toMatchObject({
      id: disputeId,
      payment: pay,
      amount: '10000',
      fee: '1500',
      status: 'needs_response',
      evidenceDueBy: dueBy,
    });
    expect(it.lines).toEqual(['dispute -10000', 'dispute_fee -1500']);
    expect(new Set(balanceLinesOf(it.last).map(({ id }) => id)).size).toBe(2);
    expect(it.balances).toEqual({
      'platform:available': '-11500',
      'platform:pending': '9680',
      'rails:simulator:clearing': '-1820',
      disputes_held: '10000',
      disputes_withdrawn: '10000',
      'expenses:processing': '320',
      'expenses:disputes': '1500',
      'platform:result': '1820',
    });
    expect(showPayment(it.payment).disputed).toBe(true);
    it.at('2026-01-07T00:00:00.000Z');
    // The rail settles nothing, and still keeps 1,820 back.
    expect(it.balances).toMatchObject({ 'platform:available': '-1820', 'rails:simulator:clearing': '-1820' });
    expect(it.balances['bank']).toBeUndefined();
  });

  it('that costs nothing has one line', () => {
    expect(given().paid().disputed({ fee: '0' }).lines).toEqual(['dispute -10000']);
  });

  it('that is won gives the amount back, and keeps the fee', () => {
    const it = given().paid().disputed().do(evidence).answers({ kind: 'taken' }).do(won);
    expect(it.dispute).toMatchObject({ status: 'won', closedBecause: 'decided', closedAt: noticeAt });
    expect(it.lines).toEqual(['dispute_reversal 10000']);
    expect(it.balances).toMatchObject({
      'platform:available': '-1500',
      'rails:simulator:clearing': '8180',
      'expenses:disputes': '1500',
    });
    expect(it.balances['disputes_held']).toBeUndefined();
    expect(it.balances['disputes_withdrawn']).toBeUndefined();
    it.at('2026-01-07T00:00:00.000Z');
    expect(it.balances).toMatchObject({ 'platform:available': '8180', bank: '8180' });
    expect(it.balances['rails:simulator:clearing']).toBeUndefined();
    expect(showPayment(it.payment).disputed).toBe(true);
  });

  it.each([
    ['decided', lost],
    ['accepted', accept],
  ] as const)('that is lost gives nothing back: %s', (closedBecause, command) => {
    const it = given().paid().disputed().do(command);
    expect(it.dispute).toMatchObject({ status: 'lost', closedBecause });
    expect(it.lines).toEqual([]);
    expect(it.balances['disputes_held']).toBeUndefined();
    expect(it.balances['disputes_withdrawn']).toBeUndefined();
    expect(it.balances).toMatchObject({ 'platform:available': '-11500' });
    for (const next of [evidence, accept, won, lost])
      expect(it.refused(next)).toBe('dispute_unexpected_state');
  });

  it('that was accepted when its bank had decided already is won: the money counts', () => {
    const it = given().paid().disputed().do(accept).answers({ kind: 'decided', outcome: 'won' });
    expect(it.dispute).toMatchObject({ status: 'won', closedBecause: 'decided', call: { state: 'ended' } });
    expect(it.balances).toMatchObject({ 'platform:available': '-1500' });
    expect(it.balances['disputes_held']).toBeUndefined();
    expect(it.balances['disputes_withdrawn']).toBeUndefined();
    expect(it.payment.amountDisputed).toBe('0');
  });

  it.each([
    ['decided', [lost], noticeAt],
    ['no_response', [], dueBy],
  ] as const)(
    'that was lost (%s) is won where its rail says so later, once',
    (closedBecause, commands, at) => {
      const it = given().paid().disputed().do(expected).at(at);
      for (const command of commands) it.do(command);
      if (commands.length === 0) it.answers({ kind: 'undecided' });
      expect(it.dispute).toMatchObject({ status: 'lost', closedBecause, call: { state: 'ended' } });
      const before = it.balances['platform:available'] ?? '0';
      const taken = it.balances['rails:simulator:clearing'] ?? '0';
      it.answers({ kind: 'decided', outcome: 'lost' });
      expect(it.dispute.closedBecause).toBe(closedBecause);
      it.answers({ kind: 'decided', outcome: 'won' }).answers({ kind: 'decided', outcome: 'won' });
      expect(it.types.filter((type) => type.startsWith('DisputeW'))).toEqual(['DisputeWon']);
      expect(it.dispute).toMatchObject({ status: 'won', closedBecause: 'decided' });
      expect(it.lines).toEqual(['dispute_reversal 10000']);
      expect(it.balances['platform:available'] ?? '0').toBe(String(BigInt(before) + 10_000n));
      expect(it.balances['rails:simulator:clearing'] ?? '0').toBe(String(BigInt(taken) + 10_000n));
      expect(it.balances['disputes_held']).toBeUndefined();
      expect(it.balances['disputes_withdrawn']).toBeUndefined();
      expect(it.payment.amountDisputed).toBe('0');
    },
  );

  it('that was lost is won by the answer to a question of before, too', () => {
    const it = given().paid().disputed().do(expected);
    const { call } = it.dispute;
    it.at(dueBy).answers({ kind: 'undecided' });
    expect(it.dispute.status).toBe('lost');
    it.do({
      type: 'RecordDisputeResponse',
      call: call?.key ?? '',
      dispute: disputeId,
      outcome: { kind: 'decided', outcome: 'won' },
    });
    expect(it.dispute.status).toBe('won');
  });

  it('is lost without evidence in time; what is only kept is none', () => {
    const it = given()
      .paid()
      .disputed()
      .do({ ...evidence, submit: false });
    expect(it.types.at(-1)).toBe('DisputeUpdated');
    expect(it.dispute.evidence).toEqual({ files: [], submittedAt: null, text: 'Delivered.' });
    it.journal.now = dueBy;
    for (const next of [evidence, accept, won]) expect(it.refused(next)).toBe('dispute_unexpected_state');
    it.at(dueBy).answers({ kind: 'undecided' });
    expect(it.dispute).toMatchObject({ status: 'lost', closedBecause: 'no_response', closedAt: dueBy });
  });

  describe('whose evidence is to be forgotten', () => {
    const sealedFor = (subject: string) => `sealed:1:dispute.evidence.part:${subject}:AAAA`;
    const erase = { type: 'EraseDisputeEvidence', disputeId, subjects: ['sub_0', 'sub_1'] } as const;

    it('names its own subject, whatever its status is, and once', () => {
      const it = given()
        .paid()
        .disputed()
        .do({ ...evidence, text: sealedFor('sub_1') });
      const { dispute } = it;
      it.do(erase);
      expect(it.last).toEqual({ type: 'DisputeEvidenceErased', data: { dispute, erasedSubject: 'sub_1' } });
      expect(it.dispute).toEqual(dispute);
      const { events } = it.journal;
      // What it names is gone: another one is in use.
      it.do({ ...erase, subjects: ['sub_1', 'sub_2'] });
      expect(it.journal.events).toEqual(events);
      it.answers({ kind: 'decided', outcome: 'lost' }).do(erase);
      expect(it.dispute.status).toBe('lost');
      expect(it.last.type).toBe('DisputeEvidenceErased');
    });

    it.each([
      ['there is none', undefined],
      ['it is of the customer', sealedFor('sub_of_customer')],
      ['an earlier version recorded it', 'Delivered.'],
      ['that looked as if it were sealed', `${sealedFor('sub_1')} `],
    ])('is not where %s', (_why, text) => {
      const it = given().paid().disputed();
      if (text !== undefined) it.do({ ...evidence, text });
      const decision = it.journal.decide(erase);
      expect(decision).toMatchObject({
        kind: 'refused',
        refusal: { code: 'dispute_evidence_not_erasable', objects: { dispute: { id: disputeId } } },
      });
      expect(it.refused({ ...erase, disputeId: 'dp_none' })).toBe('dispute_not_found');
    });
  });

  it('is lost without evidence only when its rail was asked, and asked again until it answers', () => {
    const it = given().paid().disputed().at(dueBy);
    const asked = { kind: 'ask_dispute', data: { dispute: disputeId, at: dueBy, isOverdue: false } };
    expect(disputeEffectsOf(it.last)).toMatchObject([{ ...asked, attempt: 1 }]);
    it.answers({ kind: 'unknown' });
    expect(it.dispute).toMatchObject({ status: 'needs_response', closedAt: null });
    for (const next of [evidence, accept, won, lost])
      expect(it.refused(next)).toBe('dispute_unexpected_state');
    it.at('2026-01-13T12:00:09.999Z');
    expect(it.types.filter((type) => type === 'DisputeCallRepeated')).toHaveLength(1);
    it.at('2026-01-13T12:00:10.000Z');
    expect(disputeEffectsOf(it.last)).toMatchObject([{ kind: 'ask_dispute', attempt: 2 }]);
    it.answers({ kind: 'decided', outcome: 'lost' });
    expect(it.dispute).toMatchObject({ status: 'lost', closedBecause: 'no_response' });
  });

  it('is won where its rail had decided so before the time for evidence was over', () => {
    const it = given().paid().disputed().at(dueBy).answers({ kind: 'decided', outcome: 'won' });
    expect(it.dispute).toMatchObject({ status: 'won', closedBecause: 'decided' });
    expect(it.balances).toMatchObject({ 'platform:available': '8180' });
  });

  it('is not lost by an answer from before the time for evidence was over', () => {
    const it = given().paid().disputed().do(expected);
    const { call } = it.dispute;
    it.at('2026-01-06T12:00:10.000Z').at(dueBy);
    it.do({
      type: 'RecordDisputeResponse',
      call: call?.key ?? '',
      dispute: disputeId,
      outcome: { kind: 'undecided' },
    });
    expect(it.dispute.status).toBe('needs_response');
    it.answers({ kind: 'undecided' });
    expect(it.dispute.status).toBe('lost');
  });

  it('is asked about where a bank has decided it, and nobody could record that', () => {
    for (const before of [[], [evidence]] as const) {
      const it = given().paid().disputed();
      for (const command of before) it.do(command).answers({ kind: 'taken' });
      it.do(expected);
      // Nothing is asked at once: the bank is about to decide.
      expect(it.last.type).toBe('DisputeResponseTaken');
      expect(disputeEffectsOf(it.last)).toEqual([]);
      it.do({ type: 'ActOnPayments', keys: [disputeKey(disputeId)], isResumed: true });
      expect(disputeEffectsOf(it.last)).toMatchObject([
        { kind: 'ask_dispute', data: { dispute: disputeId } },
      ]);
      it.answers({ kind: 'decided', outcome: 'won' });
      expect(it.dispute).toMatchObject({ status: 'won', closedBecause: 'decided' });
    }
    const told = given().paid().disputed().do(evidence);
    const { length } = told.types;
    expect(told.do(expected).types).toHaveLength(length);
    const over = given().paid().disputed().do(accept);
    expect(over.do(expected).types.at(-1)).toBe('DisputeLost');
  });

  it('is judged once evidence is submitted, however long that takes', () => {
    const it = given().paid().disputed();
    const files = [{ name: 'receipt.pdf', sha256: 'a'.repeat(64) }];
    it.do({ ...evidence, files });
    expect(it.dispute).toMatchObject({ status: 'under_review', evidence: { submittedAt: noticeAt, files } });
    expect(disputeEffectsOf(it.last)).toMatchObject([
      {
        kind: 'tell_dispute',
        attempt: 1,
        data: { kind: 'evidence', text: 'Delivered.', files, railReference: 'sim_dp', dispute: disputeId },
      },
    ]);
    expect(it.refused(evidence)).toBe('dispute_unexpected_state');
    expect(it.refused(accept)).toBe('dispute_unexpected_state');
    it.at('2026-01-06T12:00:10.000Z');
    expect(disputeEffectsOf(it.last)).toMatchObject([{ kind: 'tell_dispute', attempt: 2 }]);
    // By when it was given the rail judges whether it is in time, and not by when it arrives.
    expect(disputeEffectsOf(it.last)).toMatchObject([{ data: { at: noticeAt } }]);
    it.answers({ kind: 'unknown' }).answers({ kind: 'taken' }).at('2026-03-01T00:00:00.000Z');
    expect(it.dispute.status).toBe('under_review');
    it.do(lost);
    expect(it.dispute.status).toBe('lost');
  });

  it('is asked about from time to time where its rail does not say when it will have decided', () => {
    const it = given().paid().disputed().do(evidence).answers({ kind: 'taken' });
    const asked: string[] = [];
    const until = (end: string): void => {
      for (let due = disputeDueAt(it.dispute) ?? ''; due < end; due = disputeDueAt(it.dispute) ?? '') {
        asked.push(due);
        it.at(due).answers({ kind: 'undecided' });
      }
    };
    until('2026-05-06T12:00:00.000Z');
    expect(asked.slice(0, 3)).toEqual([
      ...['2026-01-06T13:00:00.000Z', '2026-01-06T13:15:00.000Z', '2026-01-06T13:33:45.000Z'],
    ]);
    // At last once a day.
    expect(asked.length).toBeLessThan(150);
    const dayMs = 86_400_000;
    expect(Date.parse(asked.at(-1) ?? '') - Date.parse(asked.at(-2) ?? '')).toBe(dayMs);
    expect(disputeEffectsOf(it.last)).toMatchObject([{ kind: 'ask_dispute', data: { isOverdue: false } }]);
    // Nobody guesses, and somebody is told.
    until('2026-05-08T12:00:00.000Z');
    expect(disputeEffectsOf(it.last)).toMatchObject([{ data: { isOverdue: true } }]);
    expect(it.dispute.status).toBe('under_review');
    it.answers({ kind: 'decided', outcome: 'won' });
    expect(it.dispute.status).toBe('won');
    expect(disputeDueAt(it.dispute)).toBeUndefined();
  });

  it('that nobody asked about under an earlier version is asked about', () => {
    const it = given().paid().disputed().do(evidence).answers({ kind: 'taken' });
    const { call } = it.dispute;
    if (call === null) throw new Error('there is no call');
    const before = { ...it.dispute, call: { ...call, isQuestion: false, state: 'ended' } } as const;
    expect(disputeDueAt(before)).toBe(dueBy);
    const context = { now: dueBy, organizationId: 'org_1', newId: () => 'question_9', isResumed: false };
    const due = dueOfDispute(before, context, 0);
    expect(due && disputeEffectsOf(due)).toMatchObject([{ kind: 'ask_dispute', attempt: 1 }]);
  });

  it('is asked about where its rail says when it will have decided', () => {
    const askAt = '2026-02-01T00:00:00.000Z';
    const it = given().paid().disputed().do(evidence).answers({ kind: 'taken', askAt }).at(askAt);
    expect(disputeEffectsOf(it.last)).toMatchObject([{ kind: 'ask_dispute', data: { dispute: disputeId } }]);
    it.answers({ kind: 'undecided' });
    expect(it.dispute.status).toBe('under_review');
    it.answers({ kind: 'decided', outcome: 'won' });
    expect(it.dispute).toMatchObject({ status: 'won', closedAt: askAt });
  });

  it('tells its rail of an acceptance until that has taken it, and stays lost', () => {
    const it = given().paid().disputed().do(accept);
    expect(disputeEffectsOf(it.last)).toMatchObject([{ kind: 'tell_dispute', data: { kind: 'accept' } }]);
    it.at('2026-01-06T12:00:10.000Z');
    expect(it.types.at(-1)).toBe('DisputeCallRepeated');
    it.answers({ kind: 'decided', outcome: 'lost' });
    expect(it.dispute).toMatchObject({ status: 'lost', call: { state: 'ended' } });
  });

  it('is described otherwise, and nothing is recorded where nothing changes', () => {
    const it = given().paid().disputed();
    const change = { type: 'UpdateDispute', disputeId } as const;
    it.do({ ...change, description: 'Order 1001', metadata: { by: 'support' } });
    expect(it.dispute).toMatchObject({ description: 'Order 1001', metadata: { by: 'support' } });
    expect(it.journal.decide({ ...change, metadata: { by: 'support' } })).toMatchObject({ events: [] });
    it.do({ ...change, metadata: null });
    expect(it.dispute).toMatchObject({ description: 'Order 1001', metadata: {} });
    it.do({ ...change, metadata: metadataOf(50) });
    expect(it.refused({ ...change, metadata: { new: 'v' } })).toBe('metadata_limit /metadata');
    it.do({ ...change, metadata: { k0: null, new: 'v' } });
  });

  it('is not found where there is none', () => {
    const it = given().paid();
    const change = { type: 'UpdateDispute', disputeId } as const;
    for (const command of [change, evidence, accept, won])
      expect(it.refused(command)).toBe('dispute_not_found');
  });
});

describe('a refund of a disputed payment', () => {
  it('is refused as long as the dispute is open, and when it is lost, before it is too much', () => {
    const it = given().paid().disputed();
    for (const more of [{}, { amount: '1' }, { amount: '10001' }])
      expect(it.refused({ ...refund, ...more })).toBe('payment_disputed /amount');
    expect(it.journal.decide(refund)).toMatchObject({
      refusal: { objects: { payment: { id: pay, disputed: true } }, meta: { amount_left: '0' } },
    });
    it.do(accept);
    expect(it.refused(refund)).toBe('payment_disputed /amount');
  });

  it('is made when the dispute is won', () => {
    const it = given().paid().disputed().do(won);
    expect(it.refused({ ...refund, amount: '10001' })).toBe('refund_exceeded /amount');
    it.refund();
    expect(it.payment).toMatchObject({ amountRefunded: '10000', amountDisputed: '0' });
  });

  it('that was made before is not disputed, and what fails of it can be refunded again', () => {
    const it = given().paid().refund('3000');
    const id = [...it.journal.records.keys()].find((key) => key.startsWith('refund:'))?.slice(7) ?? '';
    const say = { type: 'RecordRailOutcome', call: id, payment: pay, refund: id } as const;
    it.do({ ...say, outcome: { kind: 'refunded', railReference: 'sim_r' } }).disputed({ amount: '7000' });
    expect(it.refused(refund)).toBe('payment_disputed /amount');
    it.do({ ...say, outcome: { kind: 'refund_failed', reason: 'unknown' } });
    expect(it.refused({ ...refund, amount: '3001' })).toBe('payment_disputed /amount');
    it.refund();
    expect(it.payment).toMatchObject({ amountRefunded: '3000', amountDisputed: '7000' });
  });
});
