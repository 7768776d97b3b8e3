import { ChargeBooks } from '../../../../testing/payments/charge-books';
import { accountDisputesOf, disputeOf } from '../records';

const acct = 'acct_1';
const dayMs = 86_400_000;

class Given extends ChargeBooks {
  /** The id of a dispute of a payment. */
  disputed(connectedAccount?: string): string {
    const payment = this.create(connectedAccount === undefined ? {} : { connectedAccount });
    const call = this.journal.payment(payment).call?.key ?? '';
    const { now } = this.journal;
    const noticeAt = new Date(Date.parse(now) + dayMs).toISOString();
    const of = { fee: '320', noticeAt, railReference: 'ch_1' };
    const outcome = { kind: 'captured', availableOn: now, ...of } as const;
    this.submit({ type: 'RecordRailOutcome', call, outcome, payment, refund: null });
    this.journal.advance(Date.parse(noticeAt));
    const said = { amount: '10000', fee: '1500', railReference: 'dp', reason: 'fraudulent' };
    const evidenceDueBy = new Date(Date.parse(noticeAt) + 9 * dayMs).toISOString();
    const news = { kind: 'disputed', evidenceDueBy, ...said } as const;
    const [event] = this.submit({ type: 'RecordDispute', call: `${payment}:dispute`, news, payment });
    return (event?.data as { readonly dispute: { readonly id: string } }).dispute.id;
  }
  get listed(): readonly string[] {
    return accountDisputesOf(this.journal.records, acct);
  }
}

describe("the disputes of a connected account's payments", () => {
  it('are kept of it as long as they are open, whichever way they end', () => {
    const given = new Given();
    const [lost, accepted, won, unanswered] = [1, 2, 3, 4].map(() => given.disputed(acct));
    expect(given.listed).toEqual([lost, accepted, won, unanswered]);
    given.submit({ type: 'ResolveDispute', disputeId: lost ?? '', outcome: 'lost' });
    expect(given.listed).toEqual([accepted, won, unanswered]);
    given.submit({ type: 'AcceptDispute', disputeId: accepted ?? '' });
    given.submit({ type: 'ResolveDispute', disputeId: won ?? '', outcome: 'won' });
    expect(given.listed).toEqual([unanswered]);
    given.journal.advance(Date.parse(given.journal.now) + 10 * dayMs);
    const { call } = disputeOf(given.journal.records, unanswered ?? '') ?? {};
    given.submit({
      ...({ type: 'RecordDisputeResponse', call: call?.key ?? '', dispute: unanswered ?? '' } as const),
      outcome: { kind: 'undecided' },
    });
    expect(given.listed).toEqual([]);
    // A rail may take it back.
    given.submit({
      ...({ type: 'RecordDisputeResponse', call: 'late', dispute: unanswered ?? '' } as const),
      outcome: { kind: 'decided', outcome: 'won' },
    });
    expect(given.listed).toEqual([]);
  });

  it('say whose they are when they are lost; of the platform they are nobody else’s', () => {
    const given = new Given();
    const accounts = [given.disputed(acct), given.disputed()].map((disputeId) => {
      const [event] = given.submit({ type: 'AcceptDispute', disputeId });
      return event?.type === 'DisputeLost' ? event.data.connectedAccount : undefined;
    });
    expect(accounts).toEqual([acct, null]);
  });

  it('that an earlier release has lost are left in its list, and keep it from nothing', () => {
    const given = new Given();
    const disputeId = given.disputed(acct);
    given.pay({ amount: '2000', connectedAccount: acct }, true);
    const [, available] = given.of(acct);
    const decision = given.journal.decide({ type: 'AcceptDispute', disputeId });
    const [event] = decision.kind === 'decided' ? decision.events : [];
    // Read as the first version of it, which does not say whose it is.
    given.journal.apply({ ...event, data: { ...event?.data, connectedAccount: null } } as never);
    expect(given.listed).toEqual([disputeId]);
    expect(available).toBeGreaterThan(0n);
    expect(given.refused({ type: 'CloseConnectedAccount', accountId: acct })).toMatchObject({
      detail: expect.stringContaining(`${available} USD available`) as string,
    });
  });
});
