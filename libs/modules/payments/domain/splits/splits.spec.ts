import { metadataOf } from '../../../../testing/metadata-of';
import { newPayment } from '../../../../testing/payments/charge-books';
import { SplitBooks, splitParty } from '../../../../testing/payments/split-books';
import type { CreatePayment } from '../commands';
import { underWayOf } from '../records';
import { explainSplit } from './show-split';

const party = splitParty;
const three = (first: number, second: number, platform: number) => [
  party('a', 'acct_1', { shareBps: first }),
  party('b', 'acct_2', { shareBps: second }),
  party('us', 'platform', { shareBps: platform }),
];
const thirds = three(3334, 3333, 3333);
const all = (books: SplitBooks) => ['platform', 'acct_1', 'acct_2'].map((owner) => books.of(owner));

describe('a payment with a split', () => {
  it('books the shares with its capture, in one event, and settles all of them', () => {
    const books = new SplitBooks();
    const payment = books.pay({ amount: '101', splits: three(7000, 2000, 1000) });
    expect(books.journal.events.at(-1)).toMatchObject({
      type: 'SplitPaymentCaptured',
      data: { split: { amount: '101', payment, rule: null } },
    });
    expect(books.shares(payment)).toEqual([71n, 20n, 10n]);
    // The platform bears the rail's 33.
    expect(all(books)).toEqual([
      [-23n, 0n],
      [71n, 0n],
      [20n, 0n],
    ]);
    books.settle();
    expect(all(books)).toEqual([
      [0n, -23n],
      [0n, 71n],
      [0n, 20n],
    ]);
    expect(books.linesOf('acct_1')).toEqual([['transfer', 71n]]);
    expect(books.linesOf('platform')).toEqual([
      ['payment', 101n],
      ['transfer', -71n],
      ['transfer', -20n],
    ]);
    expect(books.journal.balance('payments:rails:simulator:clearing:USD')).toBe(0n);
    expect(books.journal.payment(payment)).toMatchObject({ splitAccounts: ['acct_1', 'acct_2'] });
    expect(books.journal.payment(payment).splitParties).toBeUndefined();
  });

  it('is split by what is captured of it, of which there must be enough', () => {
    const books = new SplitBooks();
    const splits = [
      party('us', 'platform', { remainder: true }),
      party('a', 'acct_1', { fixedAmount: '30' }),
    ];
    const paymentId = books.create({ amount: '100', captureMethod: 'manual', splits });
    const outcome = { kind: 'authorized', railReference: 'ch_1' } as const;
    const call = books.journal.payment(paymentId).call?.key ?? '';
    books.submit({ type: 'RecordRailOutcome', call, outcome, payment: paymentId, refund: null });
    const capture = { type: 'CapturePayment', paymentId } as const;
    expect(books.refused({ ...capture, amountToCapture: '29' })).toMatchObject({
      ...{ code: 'split_invalid', param: '/amount_to_capture' },
    });
    books.submit({ ...capture, amountToCapture: '40' });
    books.capture(paymentId, true);
    expect(books.shares(paymentId)).toEqual([10n, 30n]);
    expect(books.of('acct_1')).toEqual([0n, 30n]);
  });

  it('counts as under way for each account, which is not closed meanwhile', () => {
    const books = new SplitBooks();
    const payment = books.create({ amount: '100', splits: thirds });
    const underWay = () => ['acct_1', 'acct_2'].map((id) => underWayOf(books.journal.records as never, id));
    expect(underWay()).toEqual([1, 1]);
    const close = { type: 'CloseConnectedAccount', accountId: 'acct_1' } as const;
    expect(books.refused(close)).toMatchObject({ code: 'account_not_empty' });
    books.capture(payment);
    expect(underWay()).toEqual([0, 0]);
    const refund = books.refund(payment, '100');
    expect(underWay()).toEqual([1, 1]);
    books.answer(refund, true);
    expect(underWay()).toEqual([0, 0]);
    books.settle();
    books.submit(close);
    expect(books.refused({ ...newPayment, splits: thirds })).toMatchObject({
      ...{ code: 'unknown_split_account', param: '/splits/0/account' },
    });
  });

  it('settles lines that came to nothing, of each owner', () => {
    const books = new SplitBooks();
    // The platform pays out all that it has of it: 100 less the rail's 33.
    books.pay({
      amount: '100',
      splits: [party('us', 'platform', { fixedAmount: '33' }), party('a', 'acct_1', { remainder: true })],
    });
    expect(all(books).slice(0, 2)).toEqual([
      [0n, 0n],
      [67n, 0n],
    ]);
    books.settle();
    const types = books.journal.events.map(({ type }) => type);
    expect(types.filter((type) => type.endsWith('Closed') || type.endsWith('Settled')).sort()).toEqual([
      ...['AccountSettled', 'SettlementClosed'],
    ]);
  });
});

describe('a split of a captured payment', () => {
  it.each([false, true])('moves its money, pending as long as it is (settled: %s)', (isSettled) => {
    const books = new SplitBooks();
    const payment = books.pay({ amount: '100' });
    if (isSettled) books.settle();
    books.createSplit(payment, { parties: thirds });
    expect(books.journal.events.at(-1)).toMatchObject({
      type: 'SplitCreated',
      data: { payment: { split: books.split(payment).id } },
    });
    expect(books.shares(payment)).toEqual([34n, 33n, 33n]);
    const platform = 100n - 33n - 67n;
    const at = (amount: bigint) => (isSettled ? [0n, amount] : [amount, 0n]);
    expect(all(books)).toEqual([at(platform), at(34n), at(33n)]);
    books.settle();
    expect(all(books)).toEqual([
      [0n, platform],
      [0n, 34n],
      [0n, 33n],
    ]);
  });

  it('is by the version of the rule at the payment’s creation, of a younger rule the first', () => {
    const books = new SplitBooks();
    const ruleId = books.rule(thirds);
    const earlier = books.pay({ amount: '100' });
    const update = (parties = three(5000, 3000, 2000)) =>
      ({ type: 'UpdateSplitRule', ruleId, parties }) as const;
    books.submit(update());
    const byRule = books.pay({ amount: '100', splitRule: ruleId });
    const later = books.pay({ amount: '100' });
    books.submit(update(three(0, 0, 10_000)));
    const younger = books.rule(three(10_000, 0, 0));
    books.submit({ ...update(three(0, 10_000, 0)), ruleId: younger });
    for (const payment of [earlier, later]) books.createSplit(payment, { splitRule: ruleId });
    const old = books.pay({ amount: '100' });
    const last = books.pay({ amount: '100', splitRule: ruleId });
    books.createSplit(old, { splitRule: younger });
    const made = [earlier, byRule, later, last].map((id) => [
      books.split(id).rule?.version,
      books.shares(id),
    ]);
    expect(made).toEqual([
      [1, [34n, 33n, 33n]],
      [2, [50n, 30n, 20n]],
      [2, [50n, 30n, 20n]],
      [3, [0n, 0n, 100n]],
    ]);
    expect(books.split(old).rule?.version).toBe(2);
    expect(books.split(earlier).rule?.id).toBe(ruleId);
  });

  it('of a rule that is younger than the payment is by its first version', () => {
    const books = new SplitBooks();
    const payment = books.pay({ amount: '100' });
    const ruleId = books.rule(thirds);
    books.submit({ type: 'UpdateSplitRule', ruleId, parties: three(0, 0, 10_000) });
    books.createSplit(payment, { splitRule: ruleId });
    expect([books.split(payment).rule, books.shares(payment)]).toEqual([
      { id: ruleId, version: 1 },
      [34n, 33n, 33n],
    ]);
  });

  it('may leave all of it with the platform', () => {
    const books = new SplitBooks();
    for (const isSettled of [false, true]) {
      const payment = books.pay({ amount: '100' });
      if (isSettled) books.settle();
      books.createSplit(payment, { parties: three(0, 0, 10_000) });
      expect(books.shares(payment)).toEqual([0n, 0n, 100n]);
      books.answer(books.refund(payment, '60'), true);
      expect(books.shares(payment)).toEqual([0n, 0n, 40n]);
      books.settle();
    }
    expect(all(books)).toEqual([
      [0n, 2n * (100n - 33n - 60n)],
      [0n, 0n],
      [0n, 0n],
    ]);
  });

  it('is described otherwise, which books nothing', () => {
    const books = new SplitBooks();
    const payment = books.pay({ amount: '100', splits: thirds });
    const update = { type: 'UpdateSplit', splitId: books.split(payment).id, description: 'January' } as const;
    books.submit(update);
    expect(books.split(payment)).toMatchObject({ description: 'January' });
    expect(books.submit(update)).toEqual([]);
    expect(books.refused({ ...update, splitId: 'spl_none' })).toMatchObject({ code: 'split_not_found' });
    books.submit({ ...update, metadata: metadataOf(50) });
    const tooMany = { ...update, metadata: { new: 'v' } };
    expect(books.refused(tooMany)).toMatchObject({ code: 'metadata_limit', param: '/metadata' });
  });
});

describe('a refund of a payment with a split', () => {
  it('of 3,333, 3,333 and 3,334 of 10,000 leaves every party at zero', () => {
    for (const isSettled of [false, true]) {
      const books = new SplitBooks();
      const payment = books.pay({ splits: thirds });
      if (isSettled) books.settle();
      for (const part of ['3333', '3333', '3334']) books.answer(books.refund(payment, part), true);
      expect(books.shares(payment)).toEqual([0n, 0n, 0n]);
      books.settle();
      expect(all(books)).toEqual([
        [0n, -320n],
        [0n, 0n],
        [0n, 0n],
      ]);
      expect(books.linesOf('acct_1').map(([, amount]) => amount)).toEqual([3334n, -1111n, -1111n, -1112n]);
    }
  });

  it('names the account that has not enough, and books nothing', () => {
    const books = new SplitBooks();
    const payment = books.pay({ amount: '100', splits: thirds }, true);
    // The rail's fee of the account's own payment, which is refunded whole, takes what it has.
    const own = books.pay({ connectedAccount: 'acct_2' });
    books.refund(own, '10000');
    const before = all(books);
    expect(before[2]).toEqual([0n, 33n - 320n]);
    const refund = { type: 'CreateRefund', paymentId: payment, metadata: {}, reason: null } as const;
    expect(books.refused(refund)).toMatchObject({
      ...{ code: 'insufficient_available', param: '/amount' },
      meta: { account: 'acct_2', available: '-287' },
    });
    expect(all(books)).toEqual(before);
  });

  it('is undone where it fails: each has what the rule does not take for those that remain', () => {
    for (const isSettled of [false, true]) {
      const books = new SplitBooks();
      const payment = books.pay({ amount: '100', splits: thirds });
      const first = books.refund(payment, '50');
      const second = books.refund(payment, '25');
      if (isSettled) books.settle();
      expect(books.shares(payment)).toEqual([9n, 8n, 8n]);
      books.answer(first, false);
      expect(books.journal.refund(first)).toMatchObject({
        status: 'failed',
        sharesAgain: ['16', '17', '17'],
      });
      expect(books.shares(payment)).toEqual([25n, 25n, 25n]);
      books.answer(second, false);
      expect(books.shares(payment)).toEqual([34n, 33n, 33n]);
      books.settle();
      expect(all(books).map(([pending, available]) => pending + available)).toEqual([0n, 34n, 33n]);
    }
  });

  it('gives nothing back of fees or transfers, of which it has none', () => {
    const books = new SplitBooks();
    const paymentId = books.pay({ amount: '100', splits: thirds });
    const refund = { type: 'CreateRefund', paymentId, metadata: {}, reason: null } as const;
    for (const flag of [{ reversesTransfer: true }, { refundsApplicationFee: true }])
      expect(books.refused({ ...refund, ...flag })).toMatchObject({ code: 'refund_option_invalid' });
  });
});

describe('a split that can not be', () => {
  const create = (more: Partial<CreatePayment>) => ({ ...newPayment, amount: '100', ...more });

  it('is refused with the payment, by the field', () => {
    const books = new SplitBooks();
    const eur = books.rule(thirds, 'EUR');
    const fixed = [
      party('us', 'platform', { remainder: true }),
      party('a', 'acct_1', { fixedAmount: '101' }),
    ];
    const tooMuch = books.rule(fixed);
    const before = books.journal.events.length;
    const cases: readonly (readonly [Partial<CreatePayment>, string, string])[] = [
      [{ splitRule: 'spr_none' }, 'split_rule_not_found', '/split_rule'],
      [{ splitRule: eur }, 'split_currency_mismatch', '/split_rule'],
      [{ splitRule: tooMuch }, 'split_invalid', '/split_rule'],
      [{ splits: fixed }, 'split_invalid', '/splits/1'],
      [{ splits: thirds.slice(1) }, 'split_incomplete', '/splits'],
      [{ splits: [...thirds, party('a', 'platform', { shareBps: 0 })] }, 'split_invalid', '/splits/3/id'],
      [{ splits: [party('x', 'acct_9', { remainder: true })] }, 'unknown_split_account', '/splits/0/account'],
    ];
    for (const [more, code, param] of cases)
      expect(books.refused(create(more))).toMatchObject({ code, param });
    books.submit({ type: 'SuspendConnectedAccount', accountId: 'acct_1' });
    expect(books.refused(create({ splits: thirds }))).toMatchObject({
      ...{ code: 'account_suspended', param: '/splits/0/account' },
    });
    expect(books.journal.events.length).toBe(before + 1);
  });

  it('is refused of a payment that has one, was refunded, transferred from or disputed, or is not captured', () => {
    const books = new SplitBooks();
    const split = (payment: string) =>
      books.refused({ type: 'CreateSplit', description: null, metadata: {}, payment, parties: thirds });
    const state = { code: 'payment_unexpected_state', param: '/payment', objects: { payment: {} } };
    expect(split('pay_none')).toMatchObject({ code: 'payment_not_found', param: '/payment' });
    expect(split(books.create({ confirm: false, amount: '100' }))).toMatchObject(state);
    expect(split(books.pay({ amount: '100', splits: thirds }))).toMatchObject(state);
    const whole = { destination: 'acct_1', amount: null };
    expect(split(books.pay({ amount: '100', transferData: whole }))).toMatchObject(state);
    const source = books.pay({ amount: '100' });
    const transfer = {
      type: 'CreateTransfer',
      ...{ amount: '1', currency: 'USD', description: null, destination: 'acct_1' },
      ...{ livemode: false, metadata: {}, transferGroup: null },
    } as const;
    books.submit({ ...transfer, sourcePayment: source });
    expect(split(source)).toMatchObject(state);
    const refunded = books.pay({ amount: '100' });
    const refund = books.refund(refunded, '1');
    expect(split(refunded)).toMatchObject({ code: 'payment_refunded', param: '/payment' });
    books.answer(refund, false);
    books.createSplit(refunded, { parties: thirds });
    // Nothing else is transferred of what is split.
    expect(books.refused({ ...transfer, sourcePayment: refunded })).toMatchObject({
      code: 'source_not_transferable',
    });
  });
});

it('explains each share', () => {
  const books = new SplitBooks();
  const payment = books.pay({
    amount: '400',
    splits: [
      party('merchant', 'acct_1', { remainder: true }),
      party('dev', 'acct_2', { shareBps: 1000, minAmount: '50' }),
      party('us', 'platform', { fixedAmount: '30' }),
    ],
  });
  books.refund(payment, '100');
  expect(explainSplit(books.split(payment)).shares).toMatchObject([
    { party: 'merchant', amount: '320', refunded: '80', bound: null },
    {
      party: 'dev',
      amount: '50',
      floor: '40',
      bound: 'min_amount',
      exact: { numerator: '40', denominator: '1' },
    },
    { party: 'us', amount: '30', remainder_rank: null },
  ]);
});
