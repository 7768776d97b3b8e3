import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { charge as newCharge } from '../contract-calls';
import { everyRailContract, railContract } from '../contract-suite';
import type { AuthorizeCall } from '../rail';
import type { SettlementReport } from '../settlement-report';
import { SimulatorRail } from './simulator-rail';
import { claimCall, saveSettings } from './store';

let testing: TestDatabase;
let database: Database;
beforeAll(async () => {
  testing = await testDatabase();
  database = connect({ connectionString: testing.url, max: 5, statementTimeoutMs: 30_000 });
});
afterAll(async () => {
  await database?.close();
  await testing?.drop();
});

everyRailContract(async () => ({
  rail: new SimulatorRail(database),
  again: () => new SimulatorRail(database),
  paymentMethod: 'pm_card_visa',
}));
railContract(async () => ({
  rail: new SimulatorRail(database),
  again: () => new SimulatorRail(database),
  methods: {
    succeeds: 'pm_card_visa',
    declined: 'pm_card_chargeDeclined',
    needsAction: 'pm_card_threeDSecure2Required',
    silentApproved: 'pm_sim_timeoutApproved',
    silentDeclined: 'pm_sim_timeoutDeclined',
    refundFails: 'pm_card_refundFail',
    disputed: 'pm_card_createDispute',
  },
  // No text of Postgres has it.
  broken: { returnUrl: 'https://shop.example/\0' },
}));

const noon = '2026-01-05T12:00:00.000Z';
const charge = (paymentMethod: string, more: Partial<AuthorizeCall> = {}): AuthorizeCall =>
  newCharge(paymentMethod, { environment: 'sbx_1', ...more });
const opened = () => new SimulatorRail(database);

describe('the simulator', () => {
  it.each([
    ['pm_card_chargeDeclined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
  ])('declines %s with %s', async (method, declineCode) => {
    expect(await opened().authorize(charge(method))).toMatchObject({ kind: 'declined', declineCode });
  });

  it('keeps its fee, rounded half up, and pays out two days later', async () => {
    const paid = { kind: 'captured', feeMinor: 320n, availableOn: '2026-01-07T00:00:00.000Z' };
    expect(await opened().authorize(charge('pm_card_visa'))).toMatchObject(paid);
    const odd = charge('pm_card_mastercard', { amountMinor: 50n });
    // 1.45 is 1, 1.5 would be 2.
    expect(await opened().authorize(odd)).toMatchObject({ feeMinor: 31n });
    expect(await opened().authorize(charge('pm_card_bypassPending'))).toMatchObject({ availableOn: noon });
  });

  it('does as it is told of an environment, and of no other', async () => {
    const settings = { feeBps: 100, feeFixedMinor: 7n, settlementDays: 0, disputeFeeMinor: 0n };
    await saveSettings(database, 'sbx_told', settings);
    const told = await opened().authorize(charge('pm_card_visa', { environment: 'sbx_told' }));
    expect(told).toMatchObject({ feeMinor: 107n, availableOn: noon });
    expect(await opened().authorize(charge('pm_card_visa'))).toMatchObject({ feeMinor: 320n });
  });

  it('takes calls that come together by the settings of each environment, and settles them all', async () => {
    const settings = { feeBps: 0, feeFixedMinor: 9n, settlementDays: 1, disputeFeeMinor: 0n };
    await saveSettings(database, 'sbx_together', settings);
    const rail = opened();
    const told = Array.from({ length: 300 }, () => charge('pm_card_visa', { environment: 'sbx_together' }));
    const [other, ...answers] = await Promise.all(
      [charge('pm_card_visa'), ...told].map((c) => rail.authorize(c)),
    );
    expect(other).toMatchObject({ feeMinor: 320n });
    for (const answer of answers) expect(answer).toMatchObject({ kind: 'captured', feeMinor: 9n });
    const day = {
      environment: 'sbx_together',
      currency: 'USD',
      at: '2026-01-07T00:00:00.000Z',
      ...{ from: '2026-01-06T00:00:00.000Z', to: '2026-01-07T00:00:00.000Z', limit: 130 },
    };
    const reports: SettlementReport[] = [];
    for (let cursor: string | null = null; reports.length === 0 || cursor !== null;) {
      const report: SettlementReport = await rail.settlementReport({ ...day, cursor });
      reports.push(report);
      ({ cursor } = report);
    }
    // Each line is on one page, and those that settle at the same moment are not lost between two.
    expect(reports.map(({ lines }) => lines.length)).toEqual([130, 130, 40]);
    const keys = reports.flatMap(({ lines }) => lines.map(({ key }) => key));
    expect(keys.sort()).toEqual(told.map(({ key }) => key).sort());
    expect(reports.reduce((sum, { netMinor }) => sum + netMinor, 0n)).toBe(300n * 9_991n);
    expect(await rail.settlementReport({ ...day, cursor: null, limit: 300 })).toMatchObject({ cursor: null });
  });

  it('answers the others while another process has a key of one of them', async () => {
    const rail = opened();
    const [held, ...others] = Array.from({ length: 5 }, () => charge('pm_card_visa'));
    if (held === undefined) throw new Error('there are five');
    await database
      .transaction(async (sql) => {
        await claimCall(sql, held.environment, held.key, 'sim_elsewhere');
        const waiting = rail.authorize(held).catch((error: unknown) => error);
        const answers = await Promise.all(others.map((call) => rail.authorize(call)));
        for (const answer of answers) expect(answer.kind).toBe('captured');
        const left = Promise.race([waiting, Promise.resolve('still waiting')]);
        expect(await left).toBe('still waiting');
        throw new Error('the other process is gone');
      })
      .catch((error: Error) => expect(error.message).toBe('the other process is gone'));
    const asked = { ...held, of: 'authorize' } as const;
    while ((await rail.ask(asked)).kind === 'not_known') await delay(10);
    expect((await rail.ask(asked)).kind).toBe('captured');
  });

  it.each([
    ['pm_sim_lateSuccess', 'captured'],
    ['pm_sim_lateFailure', 'declined'],
  ])('says of %s that it is pending, and after an hour of the clock that it is %s', async (method, end) => {
    const call = charge(method);
    const askAt = '2026-01-05T13:00:00.000Z';
    expect(await opened().authorize(call)).toMatchObject({ kind: 'pending', askAt });
    const early = { ...call, at: '2026-01-05T12:59:59.999Z', of: 'authorize' } as const;
    expect(await opened().ask(early)).toMatchObject({ kind: 'pending', askAt });
    const late = await opened().ask({ ...early, at: '2026-03-01T00:00:00.000Z' });
    expect(late.kind).toBe(end);
    // It was decided when its time had come, not when it was asked.
    if (late.kind === 'captured') expect(late.availableOn).toBe('2026-01-07T00:00:00.000Z');
  });

  it.each([
    ['succeeded', 'captured'],
    ['failed', 'declined'],
  ] as const)('ends an action that %s: %s', async (outcome, kind) => {
    const call = charge('pm_card_threeDSecure2Required');
    const later = '2026-01-05T12:10:00.000Z';
    const first = await opened().authorize(call);
    expect(first).toMatchObject({
      kind: 'requires_action',
      url: expect.stringMatching(/[\w-]{20}$/) as unknown,
    });
    const ended = await opened().complete(call.environment, { payment: call.payment }, outcome, later);
    expect(ended).toMatchObject({ key: call.key, answer: { kind } });
    expect(await opened().ask({ ...call, at: later, of: 'authorize' })).toEqual(ended?.answer);
    // The first time counts.
    const { payment } = call;
    expect(await opened().complete(call.environment, { payment }, 'succeeded', later)).toEqual(ended);
    expect(await opened().complete('sbx_other', { payment }, 'succeeded', later)).toBeUndefined();
  });

  it('opens a dispute a day later of what is not refunded, and refunds nothing of it from then on', async () => {
    const environment = 'sbx_disputes';
    const rail = opened();
    const call = charge('pm_card_createDispute', { environment });
    const noticeAt = '2026-01-06T12:00:00.000Z';
    const paid = await rail.authorize(call);
    if (paid.kind !== 'captured') throw new Error(paid.kind);
    expect(paid).toMatchObject({ noticeAt });
    expect(await rail.ask({ ...call, at: noticeAt, of: 'authorize' })).toMatchObject({ noticeAt });
    const { payment } = call;
    const of = { environment, payment, railReference: paid.railReference, currency: 'USD' };
    const refund = (key: string, at: string) =>
      rail.refund({ ...of, key, refund: key, at, amountMinor: 2_500n });
    expect(await refund('re_d1', noon)).toMatchObject({ kind: 'refunded' });
    const ask = (at: string) => rail.dispute({ environment, payment, at, key: 'q' });
    expect(await ask('2026-01-06T11:59:59.999Z')).toEqual({ kind: 'not_disputed' });
    expect(await refund('re_d2', noticeAt)).toEqual({ kind: 'refund_failed', reason: 'charge_disputed' });
    const evidenceDueBy = '2026-01-13T12:00:00.000Z';
    const dispute = await ask(noticeAt);
    if (dispute.kind !== 'disputed') throw new Error(dispute.kind);
    const facts = { amountMinor: 7_500n, feeMinor: 1_500n, currency: 'USD', reason: 'fraudulent' };
    expect(dispute).toMatchObject({ ...facts, evidenceDueBy, outcome: null });
    const { railReference } = dispute;
    const tell = { environment, payment, at: noticeAt, key: 'ev_1', files: [], railReference, text: 'x' };
    expect(await rail.tell({ ...tell, response: 'evidence' })).toEqual({ kind: 'taken' });
    expect(await opened().tell({ ...tell, response: 'evidence' })).toEqual({ kind: 'taken' });
    // What is judged is not lost by the deadline.
    expect(await ask('2026-02-01T00:00:00.000Z')).toMatchObject({ outcome: null });
    const close = { environment, payment, at: '2026-02-01T00:00:00.000Z', answeredAt: noticeAt };
    expect(await rail.closeDispute({ ...close, outcome: 'won' })).toBe('won');
    expect(await rail.closeDispute({ ...close, outcome: 'lost' })).toBe('won');
    const late = { ...tell, key: 'ev_2', response: 'accept' } as const;
    expect(await rail.tell(late)).toEqual({ kind: 'decided', outcome: 'won' });
    expect(await refund('re_d3', close.at)).toMatchObject({ kind: 'refunded' });
    const report = async (day: string) => {
      const { lines } = await rail.settlementReport({
        environment,
        currency: 'USD',
        ...{ at: `${day}T23:00:00.000Z`, to: `${day}T23:00:00.000Z`, from: `${day}T00:00:00.000Z` },
        ...{ cursor: null, limit: 10 },
      });
      return lines.map(({ kind, netMinor }) => `${kind} ${netMinor}`);
    };
    expect(await report('2026-01-06')).toEqual(['dispute -7500', 'dispute_fee -1500']);
    expect(await report('2026-02-01')).toEqual(['dispute_reversal 7500', 'refund -2500']);
  });

  it('has lost what nobody answered in time, and no dispute of what was refunded', async () => {
    const environment = 'sbx_late';
    const rail = opened();
    const call = charge('pm_card_createDispute', { environment });
    await rail.authorize(call);
    const at = '2026-01-13T12:00:00.000Z';
    expect(await rail.dispute({ environment, payment: call.payment, at, key: 'q' })).toMatchObject({
      outcome: 'lost',
    });
    const other = charge('pm_card_createDispute', { environment });
    const paid = await rail.authorize(other);
    if (paid.kind !== 'captured') throw new Error(paid.kind);
    const { payment } = other;
    const of = { environment, payment, railReference: paid.railReference, currency: 'USD' };
    await rail.refund({ ...of, key: 're_all', refund: 're_all', at: noon, amountMinor: 10_000n });
    expect(await rail.dispute({ environment, payment, at, key: 'q' })).toEqual({ kind: 'not_disputed' });
    const close = { environment, payment, at, answeredAt: null, outcome: 'won' } as const;
    expect(await rail.closeDispute(close)).toBeUndefined();
  });

  it('judges what the merchant says by when it was said, and not by when it arrives', async () => {
    const environment = 'sbx_arrives_late';
    const rail = opened();
    const late = '2026-01-20T12:00:00.000Z';
    const disputed = async (): Promise<string> => {
      const call = charge('pm_card_createDispute', { environment });
      await rail.authorize(call);
      // Anyone who asks meanwhile hears that nobody has answered in time.
      const { payment } = call;
      expect(await rail.dispute({ environment, payment, at: late, key: 'q' })).toMatchObject({
        outcome: 'lost',
      });
      return payment;
    };
    const said = { environment, files: [], railReference: '', text: 'x', response: 'evidence' } as const;
    const [told, decided, tooLate] = [await disputed(), await disputed(), await disputed()];
    const at = '2026-01-13T11:59:59.999Z';
    expect(await rail.tell({ ...said, payment: told, at, key: 'ev_told' })).toEqual({ kind: 'taken' });
    expect(await rail.dispute({ environment, payment: told, at: late, key: 'q' })).toMatchObject({
      outcome: null,
    });
    const close = { environment, at: late, outcome: 'won' } as const;
    expect(await rail.closeDispute({ ...close, payment: decided, answeredAt: at })).toBe('won');
    expect(await rail.closeDispute({ ...close, payment: tooLate, answeredAt: null })).toBe('lost');
    expect(await rail.tell({ ...said, payment: tooLate, at: late, key: 'ev_late' })).toEqual({
      kind: 'decided',
      outcome: 'lost',
    });
  });

  it('makes a dispute known a day later, and a returned payout', async () => {
    const environment = 'sbx_notices';
    const disputed = charge('pm_card_createDispute', { environment });
    await opened().authorize(disputed);
    const payOut = { payout: 'po_1', bankAccount: 'ba_sim_returned', amountMinor: 5n, currency: 'USD' };
    expect(await opened().payOut({ environment, key: 'po_1', at: noon, ...payOut })).toMatchObject({
      kind: 'paid_out',
      noticeAt: '2026-01-06T12:00:00.000Z',
    });
    const from = { environment, at: '2026-01-06T11:59:59.999Z', cursor: null, limit: 1 };
    expect(await opened().notices(from)).toEqual({ notices: [], cursor: null, hasMore: false });
    const day = { ...from, at: '2026-01-06T12:00:00.000Z' };
    const first = await opened().notices(day);
    expect(first).toMatchObject({
      notices: [{ kind: 'dispute_opened', amountMinor: 10_000n }],
      hasMore: true,
    });
    const second = await opened().notices({ ...day, cursor: first.cursor });
    expect(second).toMatchObject({ notices: [{ kind: 'payout_returned', payout: 'po_1' }], hasMore: false });
    expect((await opened().notices({ ...day, cursor: second.cursor })).notices).toEqual([]);
  });

  it('fails payouts to an account that is closed', async () => {
    const call = { environment: 'sbx_1', key: 'po_2', at: noon, payout: 'po_2', bankAccount: 'ba_sim_fail' };
    const money = { amountMinor: 5n, currency: 'USD' };
    expect(await opened().payOut({ ...call, ...money })).toMatchObject({ kind: 'pay_out_failed' });
  });

  it('reports what it settled on a day, and its sum', async () => {
    const environment = 'sbx_report';
    const call = charge('pm_card_visa', { environment });
    const answer = await opened().authorize(call);
    if (answer.kind !== 'captured') throw new Error(answer.kind);
    const { payment } = call;
    const of = { environment, payment, railReference: answer.railReference, currency: 'USD' };
    const at = '2026-01-07T10:00:00.000Z';
    await opened().refund({ ...of, key: 're_1', refund: 're_1', at, amountMinor: 2_500n });
    const midnight = '2026-01-08T00:00:00.000Z';
    const days = { from: '2026-01-07T00:00:00.000Z', to: midnight, cursor: null, limit: 10 };
    const day = { environment, currency: 'USD', at: midnight, ...days };
    const report = await opened().settlementReport(day);
    expect(report.lines).toMatchObject([
      { kind: 'payment', key: call.key, grossMinor: 10_000n, feeMinor: 320n, netMinor: 9_680n },
      { kind: 'refund', key: 're_1', netMinor: -2_500n },
    ]);
    expect(report.netMinor).toBe(7_180n);
    const before = { from: '2026-01-06T00:00:00.000Z', to: days.from };
    expect((await opened().settlementReport({ ...day, ...before })).lines).toEqual([]);
    expect((await opened().settlementReport({ ...day, currency: 'EUR' })).lines).toEqual([]);
  });
});
