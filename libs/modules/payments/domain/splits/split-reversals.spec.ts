import { SplitBooks, splitParty } from '../../../../testing/payments/split-books';
import type { PayoutFacts } from '../payout-facts';
import { payoutOf } from '../records';
import type { SplitCommand } from './split-commands';
import { explainSplit } from './show-split';

const dayMs = 86_400_000;
const splits = [
  splitParty('a', 'acct_1', { shareBps: 7_000 }),
  splitParty('b', 'acct_2', { shareBps: 2_000 }),
  splitParty('us', 'platform', { shareBps: 1_000 }),
];

/** A split payment of 100 that is disputed a day later. */
class Given extends SplitBooks {
  readonly payment: string;
  readonly dispute: string;
  /** The refund that the rail has not answered. */
  readonly underWay: string | undefined;

  /** @param refunded before it is disputed @param settlesAfter days, from its capture */
  constructor({ refunded = '0', refundUnderWay = '0', settlesAfter = 0 } = {}) {
    super();
    this.payment = this.create({ amount: '100', splits });
    const { payment } = this;
    const nowMs = Date.parse(this.journal.now);
    const at = (days: number): string => new Date(nowMs + days * dayMs).toISOString();
    const of = { availableOn: at(settlesAfter), fee: '0', noticeAt: at(1), railReference: 'ch_1' };
    const outcome = { kind: 'captured', ...of } as const;
    const call = this.journal.payment(payment).call?.key ?? '';
    this.submit({ type: 'RecordRailOutcome', call, outcome, payment, refund: null });
    if (refunded !== '0') this.answer(this.refund(payment, refunded), true);
    if (refundUnderWay !== '0') this.underWay = this.refund(payment, refundUnderWay);
    this.journal.advance(Date.parse(at(1)));
    const amount = String(100n - BigInt(refunded));
    const said = { amount, evidenceDueBy: at(10), fee: '15', railReference: 'dp', reason: 'fraudulent' };
    const [opened] = this.submit({
      ...({ type: 'RecordDispute', call: `${payment}:dispute`, payment } as const),
      news: { kind: 'disputed', ...said },
    });
    this.dispute = (opened?.data as { readonly dispute: { readonly id: string } }).dispute.id;
  }
  get reversal(): Extract<SplitCommand, { readonly type: 'ReverseSplit' }> {
    return { type: 'ReverseSplit', dispute: this.dispute, splitId: this.split(this.payment).id };
  }
  lose(): this {
    this.submit({ type: 'ResolveDispute', disputeId: this.dispute, outcome: 'lost' });
    return this;
  }
  /** The rail says that it is, whatever was thought before. */
  win(): this {
    const outcome = { kind: 'decided', outcome: 'won' } as const;
    this.submit({ type: 'RecordDisputeResponse', call: 'late', dispute: this.dispute, outcome });
    return this;
  }
  payOut(actsAs: string, amount: string): PayoutFacts {
    const [event] = this.submit({
      ...({ type: 'CreatePayout', actsAs, amount, bankAccount: null, currency: 'USD' } as const),
      ...{ description: null, livemode: false, metadata: {} },
    });
    return (event?.data as { readonly payout: PayoutFacts }).payout;
  }
  paidOut({ id }: PayoutFacts): void {
    this.journal.advance(Math.floor(Date.parse(this.journal.now) / dayMs + 1) * dayMs);
    const outcome = { kind: 'paid_out', railReference: 'po' } as const;
    const { attempt = 0, key = '' } = payoutOf(this.journal.records, id)?.call ?? {};
    this.submit({ type: 'RecordPayoutOutcome', attempt, call: key, outcome, payout: id });
  }
  get all(): readonly (readonly [bigint, bigint])[] {
    return ['platform', 'acct_1', 'acct_2'].map((owner) => this.of(owner));
  }
}

describe('the shares of a payment whose dispute was lost', () => {
  it('come back from the parties, and the platform keeps its own part of the loss', () => {
    const given = new Given().lose();
    expect(given.all).toEqual([
      [0n, -105n],
      [0n, 70n],
      [0n, 20n],
    ]);
    const [event] = given.submit(given.reversal);
    expect(event).toMatchObject({
      type: 'SplitReversed',
      data: { reversal: { amount: '100', dispute: given.dispute, shares: ['70', '20', '10'] } },
    });
    expect(given.all).toEqual([
      [0n, -15n],
      [0n, 0n],
      [0n, 0n],
    ]);
    expect(given.shares(given.payment)).toEqual([0n, 0n, 0n]);
    expect(given.linesOf('acct_1')).toEqual([
      ['transfer', 70n],
      ['transfer_reversal', -70n],
    ]);
    expect(given.lines.at(-1)?.source).toBe(given.reversal.splitId);
    const { shares } = explainSplit(given.split(given.payment));
    expect(shares.map(({ amount, refunded }) => [amount, refunded])).toEqual([
      ['70', '70'],
      ['20', '20'],
      ['10', '10'],
    ]);
    expect(given.refused(given.reversal)).toMatchObject({
      ...{ code: 'reversal_exceeds_dispute', param: '/amount' },
      meta: { amount_left: '0' },
    });
  });

  it('come back in parts by the total alone, with what was refunded before', () => {
    const given = new Given({ refunded: '11' }).lose();
    const inParts = ['1', '30', '7'].map((amount) => {
      given.submit({ ...given.reversal, amount });
      return given.shares(given.payment);
    });
    const refunded = new Given();
    refunded.submit({ type: 'ResolveDispute', disputeId: refunded.dispute, outcome: 'won' });
    refunded.refund(refunded.payment, '49');
    expect(inParts.at(-1)).toEqual(refunded.shares(refunded.payment));
    expect(given.refused({ ...given.reversal, amount: '52' })).toMatchObject({
      meta: { amount_left: '51' },
    });
    given.submit(given.reversal);
    expect(given.shares(given.payment)).toEqual([0n, 0n, 0n]);
  });

  it('are booked also where only the platform gives something', () => {
    const given = new Given({ refunded: '98' }).lose();
    const moved = [1, 2].map(() => {
      const [event] = given.submit({ ...given.reversal, amount: '1' });
      return event?.type === 'SplitReversed' ? event.data.reversal.shares : [];
    });
    expect(moved.flat().filter((amount) => amount === '1')).toHaveLength(2);
    expect(given.all.slice(1)).toEqual([
      [0n, 0n],
      [0n, 0n],
    ]);
  });

  it('come out of what is pending of them first', () => {
    const given = new Given({ settlesAfter: 3 }).lose();
    given.submit({ ...given.reversal, amount: '40' });
    expect(given.all).toEqual([
      [46n, -115n],
      [42n, 0n],
      [12n, 0n],
    ]);
    given.settle();
    given.submit(given.reversal);
    expect(given.all.slice(1)).toEqual([
      [0n, 0n],
      [0n, 0n],
    ]);
    // The fee is owed to the rail.
    expect(given.journal.balance('payments:rails:simulator:clearing:USD')).toBe(-15n);
  });

  it('are theirs again when it is won after all, before the amount comes back', () => {
    const given = new Given({ refunded: '10' }).lose();
    const before = given.shares(given.payment);
    given.submit(given.reversal);
    given.win();
    expect(given.journal.events.slice(-2).map(({ type }) => type)).toEqual(['SplitRestored', 'DisputeWon']);
    expect(given.shares(given.payment)).toEqual(before);
    expect(given.journal.payment(given.payment).amountDisputed).toBe('0');
    expect(given.linesOf('acct_2').slice(-2)).toEqual([
      ['transfer_reversal', -18n],
      ['transfer', 18n],
    ]);
    given.refund(given.payment, '90');
    expect(given.shares(given.payment)).toEqual([0n, 0n, 0n]);
  });

  it('stay where they are when it is won and nothing came back', () => {
    const given = new Given().lose().win();
    expect(given.journal.events.at(-2)?.type).not.toBe('SplitRestored');
    expect(given.shares(given.payment)).toEqual([70n, 20n, 10n]);
  });

  it('come back beside a refund under way no further than to the whole, and all the way once it has failed', () => {
    const given = new Given({ refundUnderWay: '30' }).lose();
    given.submit({ ...given.reversal, amount: '20' });
    expect(given.shares(given.payment)).toEqual([35n, 10n, 5n]);
    expect(given.refused({ ...given.reversal, amount: '51' })).toMatchObject({ meta: { amount_left: '50' } });
    given.answer(given.underWay ?? '', false);
    expect(given.shares(given.payment)).toEqual([56n, 16n, 8n]);
    given.submit(given.reversal);
    expect(given.shares(given.payment)).toEqual([0n, 0n, 0n]);
  });

  it('are refused of a party that has not enough, and taken of one whose account is closed', () => {
    const given = new Given().lose();
    const payout = given.payOut('acct_1', '70');
    expect(given.refused(given.reversal)).toMatchObject({
      ...{ code: 'insufficient_available', meta: { account: 'acct_1', available: '0' } },
    });
    expect(given.of('acct_2')).toEqual([0n, 20n]);
    given.paidOut(payout);
    given.submit({ type: 'CloseConnectedAccount', accountId: 'acct_1' });
    given.submit(given.reversal);
    expect(given.all.slice(1)).toEqual([
      [0n, -70n],
      [0n, 0n],
    ]);
  });

  it('are refused of a dispute that is open, won, of another payment or not there', () => {
    const given = new Given();
    const open = given.refused(given.reversal);
    expect(open).toMatchObject({ code: 'dispute_unexpected_state', param: '/dispute' });
    given.submit({ type: 'ResolveDispute', disputeId: given.dispute, outcome: 'won' });
    expect(given.refused(given.reversal)).toMatchObject({ code: 'dispute_unexpected_state' });
    const none = { ...given.reversal, dispute: 'dp_none' };
    expect(given.refused(none)).toMatchObject({ code: 'dispute_not_found', param: '/dispute' });
    const other = given.pay({ amount: '50', splits });
    const ofOther = { ...given.reversal, splitId: given.split(other).id };
    expect(given.refused(ofOther)).toMatchObject({ code: 'dispute_not_found' });
    expect(given.refused({ ...given.reversal, splitId: 'spl_none' })).toMatchObject({
      code: 'split_not_found',
    });
  });
});
