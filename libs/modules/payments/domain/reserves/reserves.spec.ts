import { ChargeBooks } from '../../../../testing/payments/charge-books';
import { splitParty } from '../../../../testing/payments/split-books';
import type { Reserve } from '@fintech-ledger/connect/domain';
import { paymentPublicEvents } from '../public-events';
import type { HeldReserve } from './reserve-events';

const acct = 'acct_1';

/** 2026-01-05 is a Monday; what is captured is settled two days later. */
class Given extends ChargeBooks {
  reserve(reserve: Reserve | null): this {
    this.submit({ type: 'UpdateConnectedAccount', accountId: acct, reserve });
    return this;
  }
  until(time: string): this {
    this.journal.run(time);
    return this;
  }
  /** What is pending, available and reserved. */
  get has(): readonly bigint[] {
    return [...this.of(acct), this.reserved(acct)];
  }
  /** What was held of how much, and when it is released. */
  get held(): readonly (readonly string[])[] {
    return this.journal.events.flatMap((event) => {
      if ((event.type as string) !== 'ReserveHeld') return [];
      const { amount, captured, releaseOn } = (event.data as unknown as { reserve: HeldReserve }).reserve;
      return [[amount, captured, releaseOn.slice(0, 10)]];
    });
  }
  close(): unknown {
    return this.refused({ type: 'CloseConnectedAccount', accountId: acct });
  }
}
const tenth = { days: 7, rollingBps: 1_000 };
const settledOn = '2026-01-07T12:00:00.000Z';
const releasedOn = '2026-01-14T12:00:00.000Z';

describe('a rolling reserve', () => {
  it('is a part of what was captured, held when it becomes available and released days later', () => {
    const given = new Given().reserve(tenth);
    given.pay({ connectedAccount: acct });
    expect(given.has).toEqual([9_680n, 0n, 0n]);
    given.until(settledOn);
    // Of 10,000, and not of the 9,680 that are left of it.
    expect([given.has, given.held]).toEqual([[0n, 8_680n, 1_000n], [['1000', '10000', '2026-01-14']]]);
    given.until('2026-01-14T11:59:59.999Z');
    expect(given.has).toEqual([0n, 8_680n, 1_000n]);
    given.until(releasedOn);
    expect(given.has).toEqual([0n, 9_680n, 0n]);
    expect(given.linesOf(acct).map(([type]) => type)).toEqual(['payment', 'reserve_hold', 'reserve_release']);
    expect(given.journal.dueAt(`reserve:${acct}:USD:${releasedOn}`)).toBeUndefined();
  });

  it('has lines that move inside the balance: their net is nothing, the hold is pending until its release', () => {
    const given = new Given().reserve(tenth);
    given.pay({ connectedAccount: acct });
    given.until(releasedOn);
    const lines = given.lines.filter(({ moved }) => moved !== undefined);
    const key = `reserve:${acct}:USD:${releasedOn}`;
    expect(lines).toMatchObject([
      {
        type: 'reserve_hold',
        amount: 0n,
        fee: 0n,
        moved: 1_000n,
        settlement: { key, availableOn: releasedOn },
      },
      { type: 'reserve_release', amount: 0n, fee: 0n, moved: 1_000n, settlement: null },
    ]);
  });

  it.each([false, true])(
    'is released with what is held until the same time, where nobody acted in between (all stored at once: %s)',
    (storesAllDue) => {
      const given = new Given().reserve({ days: 10, rollingBps: 1_000 });
      given.journal.storesAllDue = storesAllDue;
      given.pay({ connectedAccount: acct });
      given.until('2026-01-13T12:00:00.000Z').reserve({ days: 2, rollingBps: 1_000 });
      given.pay({ connectedAccount: acct });
      expect(given.has).toEqual([9_680n, 8_680n, 1_000n]);
      // Both the second settlement and the release of what is held, with more from that settlement, have come due.
      given.journal.advance(Date.parse('2026-01-18T00:00:00.000Z'));
      expect(given.has).toEqual([0n, 19_360n, 0n]);
      const releaseOn = '2026-01-17';
      expect(given.held).toEqual([
        ['1000', '10000', releaseOn],
        ['1000', '10000', releaseOn],
      ]);
    },
  );

  it('is rounded down, once for all that becomes available together', () => {
    const given = new Given().reserve({ days: 7, rollingBps: 333 });
    given.pay({ connectedAccount: acct, amount: '1005' });
    given.pay({ connectedAccount: acct, amount: '1006' });
    given.until(settledOn);
    // 66.9663
    expect(given.held).toEqual([['66', '2011', '2026-01-14']]);
  });

  it('holds nothing where the part is less than a unit, and all where it is the whole', () => {
    const given = new Given().reserve({ days: 7, rollingBps: 1 });
    given.pay({ connectedAccount: acct, amount: '9999' });
    given.until(settledOn);
    expect(given.held).toEqual([]);
    given.reserve({ days: 7, rollingBps: 10_000 });
    given.pay({ connectedAccount: acct });
    given.until('2026-01-09T12:00:00.000Z');
    expect(given.held).toEqual([['10000', '10000', '2026-01-16']]);
  });

  it('holds of what is available at once, before the answer tells the payment', () => {
    const given = new Given().reserve(tenth);
    given.pay({ connectedAccount: acct }, true);
    expect([given.has, given.held]).toEqual([[0n, 8_680n, 1_000n], [['1000', '10000', '2026-01-12']]]);
    expect(given.journal.events.slice(-2).map(({ type }) => type)).toEqual([
      'ReserveHeld',
      'PaymentCaptured',
    ]);
    given.pay({ connectedAccount: acct, amount: '500' }, true);
    given.until('2026-01-12T12:00:00.000Z');
    expect(given.reserved(acct)).toBe(0n);
    // Both have one moment, and are released together.
    expect(given.linesOf(acct).filter(([type]) => type === 'reserve_release')).toHaveLength(1);
  });

  it.each([false, true])(
    'holds of what an account gets of payments of the platform (at once: %s)',
    (isNow) => {
      const given = new Given().reserve(tenth);
      given.pay({ transferData: { destination: acct, amount: '6000' } }, isNow);
      given.pay(
        {
          splits: [
            splitParty('a', acct, { shareBps: 4_000 }),
            splitParty('us', 'platform', { remainder: true }),
          ],
        },
        isNow,
      );
      given.until(settledOn);
      expect(given.reserved(acct)).toBe(1_000n);
      given.until(releasedOn);
      expect(given.has).toEqual([0n, 10_000n, 0n]);
    },
  );

  it('holds nothing of transfers by hand, and nothing of the platform', () => {
    const given = new Given().reserve(tenth);
    const sourcePayment = given.pay({});
    given.submit({
      ...{ type: 'CreateTransfer', amount: '3000', currency: 'USD', description: null, destination: acct },
      ...{ livemode: false, metadata: {}, sourcePayment, transferGroup: null },
    });
    given.until(settledOn);
    expect([given.has, given.held]).toEqual([[0n, 3_000n, 0n], []]);
  });

  it('is that of the account at the settlement: a change is for later ones', () => {
    const given = new Given();
    given.pay({ connectedAccount: acct });
    given.reserve(tenth);
    given.until(settledOn);
    expect(given.held).toEqual([['1000', '10000', '2026-01-14']]);
    given.pay({ connectedAccount: acct });
    given.reserve({ days: 1, rollingBps: 5_000 });
    given.until('2026-01-09T12:00:00.000Z');
    expect(given.held[1]).toEqual(['5000', '10000', '2026-01-10']);
    given.pay({ connectedAccount: acct });
    given.reserve(null);
    given.until('2026-01-11T12:00:00.000Z');
    expect([given.held.length, given.reserved(acct)]).toEqual([2, 1_000n]);
    given.until(releasedOn);
    expect(given.reserved(acct)).toBe(0n);
  });
});

describe('what a reserve does when money goes', () => {
  it.each(['9000', '9680'])(
    'is not shortened by a refund of %s, and pays what is owed at its release',
    (amount) => {
      const given = new Given().reserve(tenth);
      const payment = given.pay({ connectedAccount: acct });
      given.answer(given.refund(payment, amount), true);
      given.until(settledOn);
      const left = 9_680n - BigInt(amount);
      expect(given.has).toEqual([0n, left - 1_000n, 1_000n]);
      given.until(releasedOn);
      expect(given.has).toEqual([0n, left, 0n]);
    },
  );

  it('stays when a later refund takes more than is available: what is owed is paid at the release', () => {
    const given = new Given().reserve(tenth);
    const payment = given.pay({ connectedAccount: acct });
    given.until(settledOn);
    given.answer(given.refund(payment, '9000'), true);
    expect(given.has).toEqual([0n, -320n, 1_000n]);
    given.until(releasedOn);
    expect(given.has).toEqual([0n, 680n, 0n]);
  });

  it('can be paid out by nobody', () => {
    const given = new Given().reserve(tenth);
    given.pay({ connectedAccount: acct }, true);
    const payout = {
      type: 'CreatePayout',
      ...{ actsAs: acct, bankAccount: null, currency: 'USD', description: null },
      ...{ livemode: false, metadata: {} },
    } as const;
    expect(given.refused({ ...payout, amount: '8681' })).toMatchObject({ code: 'insufficient_available' });
    given.submit({ ...payout, amount: '8680' });
    expect(given.has).toEqual([0n, 0n, 1_000n]);
  });

  it('is held and released of an account that is suspended', () => {
    const given = new Given().reserve(tenth);
    given.pay({ connectedAccount: acct });
    given.submit({ type: 'SuspendConnectedAccount', accountId: acct });
    given.until(settledOn);
    expect(given.reserved(acct)).toBe(1_000n);
    given.until(releasedOn);
    expect(given.has).toEqual([0n, 9_680n, 0n]);
  });

  it('keeps its account from being closed, though its balance comes to nothing', () => {
    const given = new Given().reserve(tenth);
    const payment = given.pay({ connectedAccount: acct, amount: '1000' }, true);
    given.answer(given.refund(payment, '941'), true);
    expect(given.has).toEqual([0n, -100n, 100n]);
    expect(given.close()).toMatchObject({ code: 'account_not_empty' });
    given.until('2026-01-12T12:00:00.000Z');
    given.submit({ type: 'CloseConnectedAccount', accountId: acct });
  });

  it('holds nothing of an account that was closed before', () => {
    const given = new Given().reserve(tenth);
    const payment = given.pay({ connectedAccount: acct });
    given.answer(given.refund(payment, '9680'), true);
    given.submit({ type: 'CloseConnectedAccount', accountId: acct });
    given.until(releasedOn);
    expect([given.has, given.held]).toEqual([[0n, 0n, 0n], []]);
  });
});

it('tells clients what is available after a settlement and a release', () => {
  const given = new Given().reserve(tenth);
  given.pay({ connectedAccount: acct });
  given.until(releasedOn);
  given.pay({ connectedAccount: acct });
  const told = given.journal.events.flatMap(({ data, type }) => {
    const all = paymentPublicEvents.told[type] ?? [];
    if ('because' in all) return [];
    return all.flatMap(({ name, objectOf }) => (name === 'balance.available' ? [objectOf(data)] : []));
  });
  expect(told).toMatchObject([
    { available: [{ amount: '8680' }], connected_account: acct },
    { available: [{ amount: '9680' }], pending: [{ amount: '0' }], connected_account: acct },
  ]);
});

describe('an account with a dispute of its own payment', () => {
  const disputed = (): { readonly given: Given; readonly id: string } => {
    const given = new Given();
    const payment = given.create({ connectedAccount: acct, amount: '1000', paymentMethod: 'pm_card_visa' });
    const call = given.journal.payment(payment).call?.key ?? '';
    const outcome = {
      kind: 'captured',
      ...{ railReference: 'sim_1', fee: '0' },
      ...{ availableOn: given.journal.now, noticeAt: given.journal.now },
    } as const;
    given.submit({ type: 'RecordRailOutcome', call, outcome, payment, refund: null });
    given.journal.advance(Date.parse(given.journal.now) + 1);
    const news = {
      kind: 'disputed',
      ...{ amount: '1000', fee: '0', railReference: 'dp', reason: 'fraudulent' },
      evidenceDueBy: '2026-02-01T00:00:00.000Z',
    } as const;
    const events = given.submit({ type: 'RecordDispute', call: `${payment}:dispute`, news, payment });
    return { given, id: (events[0]?.data as { readonly dispute: { readonly id: string } }).dispute.id };
  };
  it('can be closed when that is decided, and not before', () => {
    const { given, id } = disputed();
    // All that it had is withdrawn: it is empty, and would get the money back.
    expect(given.has).toEqual([0n, 0n, 0n]);
    expect(given.close()).toMatchObject({ code: 'account_not_empty', detail: expect.stringContaining(id) });
    given.submit({ type: 'ExpectDisputeDecision', disputeId: id });
    given.submit({ type: 'ResolveDispute', disputeId: id, outcome: 'lost' });
    given.submit({ type: 'CloseConnectedAccount', accountId: acct });
  });
  it('has the money when it is won, which has to leave before it is closed', () => {
    const { given, id } = disputed();
    given.submit({ type: 'ExpectDisputeDecision', disputeId: id });
    given.submit({ type: 'ResolveDispute', disputeId: id, outcome: 'won' });
    expect([given.has, given.close()]).toMatchObject([[0n, 1_000n, 0n], { code: 'account_not_empty' }]);
  });
});
