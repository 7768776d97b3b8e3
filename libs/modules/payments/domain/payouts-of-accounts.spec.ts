import { metadataOf } from '../../../testing/metadata-of';
import { allGiven, ChargeBooks, newAccount } from '../../../testing/payments/charge-books';
import type { CreatePayout } from './commands';
import type { PayoutOutcome } from './payout-calls';
import type { PayoutFacts } from './payout-facts';
import { openBatchesOf, payoutOf, underWayOf } from './records';

const acct = 'acct_1';
const payout: CreatePayout = {
  ...({ type: 'CreatePayout', actsAs: acct, amount: '5000', bankAccount: null, currency: 'USD' } as const),
  ...{ description: null, livemode: false, metadata: {} },
};
const returned = { kind: 'pay_out_failed', failureCode: 'account_closed', message: 'Closed.' } as const;

/** An account that has 9,680 available of its own payment; the platform has nothing. */
class Given extends ChargeBooks {
  constructor() {
    super();
    this.pay({ connectedAccount: acct }, true);
  }
  payOut(more: Partial<CreatePayout> = {}): string {
    const [event] = this.submit({ ...payout, ...more });
    return (event?.data as { readonly payout: PayoutFacts }).payout.id;
  }
  get inTransit(): bigint {
    return this.journal.balance(`payments:accounts:${acct}:in_transit:USD`);
  }
  midnight(): void {
    this.journal.advance(Date.parse('2026-01-06T00:00:00.000Z'));
  }
  answers(id: string, outcome: PayoutOutcome): void {
    const { attempt = 0, key = '' } = this.payoutOf(id).call ?? {};
    this.submit({ type: 'RecordPayoutOutcome', attempt, call: key, outcome, payout: id });
  }
  payoutOf(id: string): PayoutFacts {
    return payoutOf(this.journal.records, id) as PayoutFacts;
  }
}

describe('a payout of a connected account', () => {
  it('leaves its available balance for what is in transit, and then the bank', () => {
    const given = new Given();
    const id = given.payOut();
    expect([given.of(acct), given.inTransit]).toEqual([[0n, 4680n], 5000n]);
    expect(given.of('platform')).toEqual([0n, 0n]);
    expect(given.payoutOf(id)).toMatchObject({ connectedAccount: acct, status: 'pending' });
    // Its default bank account, which it gave.
    expect(given.payoutOf(id).bankAccount).toMatch(/^ba_[0-9]+$/);
    given.midnight();
    given.answers(id, { kind: 'paid_out', railReference: 'sim_po' });
    expect([given.of(acct), given.inTransit]).toEqual([[0n, 4680n], 0n]);
    expect(given.linesOf(acct).at(-1)).toEqual(['payout', -5000n]);
    expect(given.linesOf('platform')).toEqual([]);
  });

  it('takes no more than the account has, whatever the platform has', () => {
    const given = new Given();
    given.pay({}, true);
    expect(given.refused({ ...payout, amount: '9681' })).toMatchObject({
      ...{ code: 'insufficient_available', param: '/amount' },
      meta: { account: acct, available: '9680' },
    });
    expect(given.refused({ ...payout, amount: '1', currency: 'EUR' })).toMatchObject({
      code: 'insufficient_available',
    });
    given.payOut({ amount: '9680' });
    expect(given.refused({ ...payout, amount: '1' })).toMatchObject({ code: 'insufficient_available' });
  });

  it('needs its capability, an account that is there, and one of its bank accounts', () => {
    const given = new Given();
    const code = (more: Partial<CreatePayout>): unknown =>
      (given.refused({ ...payout, ...more }) as { readonly code: string }).code;
    expect(code({ actsAs: 'acct_none' })).toBe('connected_account_not_found');
    expect(code({ bankAccount: 'ba_none' })).toBe('unknown_bank_account');
    given.submit({ type: 'SuspendConnectedAccount', accountId: acct });
    expect(given.refused(payout)).toMatchObject({
      code: 'capability_inactive',
      detail: expect.stringContaining('suspended') as string,
    });
    given.submit({ type: 'ReinstateConnectedAccount', accountId: acct });
    given.payOut();
  });

  it('goes by bank where the platform is paid out so, and says where to, however that changes', () => {
    const given = new Given();
    const own = {
      accountHolder: 'Example Shop Ltd',
      bic: null,
      currency: null,
      iban: 'DE89370400440532013000',
    };
    const payee = { ...own, iban: 'DE02120300000000202051', purpose: 'payout' } as const;
    given.submit({ type: 'PutBankAccounts', accounts: [own, payee] as never });
    const id = given.payOut();
    const destination = { accountHolder: 'sealed:1:x', iban: 'sealed:1:x' };
    expect(given.payoutOf(id)).toMatchObject({ rail: 'bank_transfer', destination, status: 'pending' });
    expect(given.payoutOf(given.payOut({ amount: '100', bankAccount: 'ba_sim_fail' })).rail).toBe(
      'simulator',
    );
    expect(given.refused({ ...payout, bankAccount: 'ba_none' })).toMatchObject({
      ...{ code: 'unknown_bank_account', param: '/bank_account' },
    });
    given.submit({ type: 'PutBankAccounts', accounts: [own] as never });
    given.midnight();
    expect(given.payoutOf(id)).toMatchObject({ destination, railReference: id, status: 'in_transit' });
    const made = given.journal.events.flatMap((event) =>
      event.type === 'PayoutBatchMade' ? [event.data] : [],
    );
    expect(made).toMatchObject([{ payoutBatch: { amount: '5000', count: 1, creditors: [] } }]);
    given.submit({ type: 'ResolvePayout', actsAs: acct, outcome: returned, payoutId: id });
    expect(given.payoutOf(id).status).toBe('failed');
  });

  it('is counted by its batch, which lists no accounts of others: there may be thousands', () => {
    const given = new Given();
    const accounts = [
      { accountHolder: 'Example Shop Ltd', bic: null, currency: null, iban: 'DE89370400440532013000' },
      {
        ...{ accountHolder: 'Example Shop Ltd', bic: null, currency: null, iban: 'DE02120300000000202051' },
        purpose: 'payout',
      },
    ];
    given.submit({ type: 'PutBankAccounts', accounts: accounts as never });
    const ids = [given.payOut(), given.payOut({ amount: '100' })];
    given.journal.now = given.payoutOf(ids[0] ?? '').sendsAt;
    given.submit({ type: 'ActOnPayments', keys: [`payout:${ids[0]}`] });
    expect(Object.values(openBatchesOf(given.journal.records, 'USD'))).toEqual([
      { accounts: [], amount: '5000', count: 1, pending: 1 },
    ]);
  });

  it('of a live account waits until it is verified, and until the platform has said what it pays from', () => {
    const given = new Given();
    const live = { ...payout, actsAs: 'acct_9', amount: '1', livemode: true };
    given.submit({ ...newAccount('acct_9'), livemode: true } as never);
    given.submit(allGiven('acct_9'));
    expect(given.refused(live)).toMatchObject({ code: 'capability_inactive' });
    given.submit({ type: 'VerifyConnectedAccount', accountId: 'acct_9' });
    expect(given.refused(live)).toMatchObject({ code: 'rail_unavailable', param: '/currency' });
    const own = {
      accountHolder: 'Example Shop Ltd',
      bic: null,
      currency: null,
      iban: 'DE89370400440532013000',
    };
    given.submit({ type: 'PutBankAccounts', accounts: [own] as never });
    expect(given.refused({ ...live, bankAccount: 'ba_sim' })).toMatchObject({ code: 'unknown_bank_account' });
    expect(given.refused({ ...live, amount: '1'.repeat(19) })).toMatchObject({ code: 'payout_too_large' });
    expect(given.refused(live)).toMatchObject({ code: 'insufficient_available' });
  });

  it('of an account that did not ask to be paid out is refused', () => {
    const given = new Given();
    const bare = { accountId: 'acct_2', accountType: 'individual', capabilities: ['payments'] } as const;
    const none = { minimumAmount: null, monthlyAnchor: null, weeklyAnchor: null };
    const payoutSchedule = { delayDays: 2, interval: 'manual', ...none } as const;
    given.submit({
      ...{ type: 'CreateConnectedAccount', ...bare, country: 'DE', businessProfile: null },
      ...{ defaultCurrency: 'USD', email: null, livemode: false, metadata: {}, payoutSchedule },
      ...{ reserve: null, subject: 'sub_2' },
    });
    expect(given.refused({ ...payout, actsAs: 'acct_2' })).toMatchObject({ code: 'capability_inactive' });
  });

  it('is canceled, changed and resolved by those alone who act as the account', () => {
    const given = new Given();
    const id = given.payOut();
    const own = { actsAs: acct, payoutId: id };
    for (const actsAs of [undefined, 'acct_2']) {
      const other = { payoutId: id, ...(actsAs !== undefined && { actsAs }) };
      for (const command of [
        { type: 'CancelPayout', ...other },
        { type: 'UpdatePayout', ...other, description: 'x' },
        { type: 'ResolvePayout', ...other, outcome: returned },
      ] as const)
        expect(given.refused(command)).toMatchObject({ code: 'payout_not_found' });
    }
    given.submit({ type: 'UpdatePayout', ...own, description: 'January' });
    given.submit({ type: 'UpdatePayout', ...own, metadata: metadataOf(50) });
    const tooMany = { type: 'UpdatePayout', ...own, metadata: { new: 'v' } } as const;
    expect(given.refused(tooMany)).toMatchObject({ code: 'metadata_limit', param: '/metadata' });
    given.submit({ type: 'CancelPayout', ...own });
    expect([given.of(acct), given.inTransit]).toEqual([[0n, 9680n], 0n]);
    expect(given.linesOf(acct).at(-1)).toEqual(['payout_cancel', 5000n]);
  });

  it('is a fact when its rail has said so: of a suspended account it fails, and is returned, all the same', () => {
    const given = new Given();
    const failing = given.payOut({ amount: '1000', bankAccount: 'ba_sim_fail' });
    const returning = given.payOut({ amount: '2000', bankAccount: 'ba_sim_returned' });
    given.submit({ type: 'SuspendConnectedAccount', accountId: acct });
    given.midnight();
    given.answers(failing, returned);
    given.answers(returning, {
      kind: 'paid_out',
      railReference: 'sim',
      noticeAt: '2026-01-07T00:00:00.000Z',
    });
    expect([given.of(acct), given.inTransit]).toEqual([[0n, 7680n], 0n]);
    given.answers(returning, returned);
    expect(given.of(acct)).toEqual([0n, 9680n]);
    expect(given.payoutOf(returning)).toMatchObject({ status: 'failed', failureCode: 'account_closed' });
  });

  it('keeps its account from being closed until it has arrived', () => {
    const given = new Given();
    const id = given.payOut({ amount: '9680' });
    const close = { type: 'CloseConnectedAccount', accountId: acct } as const;
    expect(given.refused(close)).toMatchObject({ code: 'account_not_empty' });
    given.midnight();
    given.answers(id, { kind: 'paid_out', railReference: 'sim', noticeAt: '2026-01-07T00:00:00.000Z' });
    // It may still come back.
    expect(given.refused(close)).toMatchObject({ code: 'account_not_empty' });
    given.submit({
      ...{ type: 'ResolvePayout', actsAs: acct, payoutId: id },
      outcome: { kind: 'paid_out', railReference: 'sim' },
    });
    expect(underWayOf(given.journal.records, acct)).toBe(0);
    given.submit(close);
  });
});
