import { accountKey } from '@fintech-ledger/ledger/domain';
import type { DomainRecord } from '@fintech-ledger/journal';
import type { AccountRecord } from '@fintech-ledger/ledger/domain';
import { ChargeBooks } from '../../../testing/payments/charge-books';
import { ownAccounts } from './bank-transfers';
import type { CreatePayout } from './commands';
import type { PayoutFacts } from './payout-facts';
import { payoutOf, transferOf } from './records';
import type { CreateTransfer } from './transfers/transfer-commands';

const acct = 'acct_1';
const payout: CreatePayout = {
  ...({ type: 'CreatePayout', actsAs: acct, amount: '9680', bankAccount: null, currency: 'USD' } as const),
  ...{ description: null, livemode: false, metadata: {} },
};
const transfer: CreateTransfer = {
  ...({ type: 'CreateTransfer', amount: '11500', currency: 'USD', description: null } as const),
  ...{ destination: acct, livemode: false, metadata: {}, sourcePayment: null, transferGroup: null },
};
const close = { type: 'CloseConnectedAccount', accountId: acct } as const;
const own = { accountHolder: 'Us', bic: null, currency: null, iban: 'DE89370400440532013000' };
const payee = { ...own, iban: 'DE02120300000000202051', purpose: 'payout' };
const dayMs = 86_400_000;

/** A direct payment whose money is paid out by bank, the account closed at zero, and the platform with its own. */
class Given extends ChargeBooks {
  readonly paidOut: string;
  private readonly payment: string;
  private moves = 0;

  constructor(end: 'active' | 'suspended' = 'active') {
    super();
    this.submit({ type: 'PutBankAccounts', accounts: [own, payee] as never });
    this.payment = this.create({ connectedAccount: acct });
    const call = this.journal.payment(this.payment).call?.key ?? '';
    const { now } = this.journal;
    const noticeAt = new Date(Date.parse(now) + 3 * dayMs).toISOString();
    const outcome = {
      kind: 'captured',
      railReference: 'ch_1',
      fee: '320',
      availableOn: now,
      noticeAt,
    } as const;
    this.submit({ type: 'RecordRailOutcome', call, outcome, payment: this.payment, refund: null });
    this.pay({ amount: '20000' }, true);
    this.paidOut = this.payOut();
    this.arrives(this.paidOut);
    if (end === 'suspended') this.submit({ type: 'SuspendConnectedAccount', accountId: acct });
    this.submit(close);
  }

  payOut(more: Partial<CreatePayout> = {}): string {
    const [event] = this.submit({ ...payout, ...more });
    return (event?.data as { readonly payout: PayoutFacts }).payout.id;
  }
  payoutOf = (id: string): PayoutFacts => payoutOf(this.journal.records, id) as PayoutFacts;
  /** A statement of the bank has a line with the id of a payout. */
  private line(origin: string, direction: 'credit' | 'debit', amount = '9680'): void {
    const n = (this.moves += 1);
    const balances = { closingBalance: '0', openingBalance: '0' };
    const of = { currency: 'USD', digest: 'd', from: null, iban: own.iban, livemode: false, to: null };
    const statement = { ...of, ...balances, id: `bst_${n}`, lines: 1, statementId: `${n}` };
    const nobody = { endToEndId: null, named: null, partyIban: null, partyName: null, reference: null };
    const says = { amount, bankReference: null, bookedOn: '2026-01-05', remittance: null };
    const line = { ...nobody, ...says, direction, origin, subject: `sub_${n}`, valueOn: null };
    this.submit({ type: 'ImportBankLines', from: 0, lines: [line], place: '/', statement });
  }
  arrives(id: string): void {
    this.midnight();
    this.line(id, 'debit');
  }
  comesBack(): void {
    this.line(this.paidOut, 'credit');
  }
  /** Its bank keeps 100. */
  comesBackLessFee(): void {
    this.line(this.paidOut, 'credit', '9580');
    const of = { amount: null, description: null, difference: '-100', isList: false, own: null };
    const lineId = `bsl_${this.moves}`;
    this.submit({ type: 'ApportionBankLine', ...of, lineId, objects: [this.paidOut] });
  }
  midnight(): void {
    this.journal.advance(Math.floor(Date.parse(this.journal.now) / dayMs + 1) * dayMs);
  }
  /** Its bank disputes the payment. */
  disputed(): void {
    this.journal.advance(Date.parse(this.journal.now) + 4 * dayMs);
    const said = { amount: '10000', evidenceDueBy: '2026-01-20T12:00:00.000Z', fee: '1500' };
    const news = { kind: 'disputed', ...said, railReference: 'dp', reason: 'fraudulent' } as const;
    this.submit({ type: 'RecordDispute', call: `${this.payment}:dispute`, news, payment: this.payment });
  }
  transfer(more: Partial<CreateTransfer> = {}): string {
    const [event] = this.submit({ ...transfer, ...more });
    return (event?.data as { readonly transfer: { readonly id: string } }).transfer.id;
  }
  get inTransit(): bigint {
    return this.journal.balance(`payments:accounts:${acct}:in_transit:USD`);
  }
}

describe('money that a closed account comes to owe', () => {
  it('is paid by a transfer of the platform, and no more than that', () => {
    const given = new Given();
    expect(given.of(acct)).toEqual([0n, 0n]);
    expect(given.refused({ ...transfer, amount: '1' })).toMatchObject({ code: 'unknown_destination' });
    given.disputed();
    expect(given.of(acct)).toEqual([0n, -11_500n]);
    const before = given.of('platform')[1];
    for (const more of [{ amount: '11501' }, { currency: 'EUR' }, { sourcePayment: given.pay({}) }])
      expect(given.refused({ ...transfer, ...more })).toMatchObject({
        ...{ code: 'unknown_destination', param: '/destination' },
        detail: expect.stringContaining('is closed and owes') as string,
      });
    given.transfer({ amount: '1500' });
    given.transfer({ amount: '10000' });
    expect(given.of(acct)).toEqual([0n, 0n]);
    expect(given.of('platform')[1]).toBe(before - 11_500n);
    expect(given.refused({ ...transfer, amount: '1' })).toMatchObject({ code: 'unknown_destination' });
  });

  it('is less what it has pending, which pays for it in its time', () => {
    const given = new Given();
    given.disputed();
    // As a refund that fails before the settlement leaves it.
    const { records } = given.journal;
    const [available, address] = ['available', 'pending'].map((of) => `payments:accounts:${acct}:${of}:USD`);
    const known = records.get(accountKey(available ?? '')) as DomainRecord & AccountRecord;
    const pending = { ...known, address: address ?? '', postedCredits: 1_500n, postedDebits: 0n };
    records.set(accountKey(pending.address), pending);
    expect(given.refused({ ...transfer, amount: '10001' })).toMatchObject({ code: 'unknown_destination' });
    expect(given.refused({ ...transfer, amount: '10000' })).toMatchObject({ kind: 'decided' });
  });

  it('comes back to the platform when it is won after all: what was transferred is reversed', () => {
    const given = new Given();
    given.disputed();
    const transferId = given.transfer();
    const dispute = [...given.journal.records.keys()].find((key) => key.startsWith('dispute:')) ?? '';
    const reverse = { type: 'ReverseTransfer', transferId } as const;
    expect(given.refused(reverse)).toMatchObject({ code: 'insufficient_available' });
    given.submit({ type: 'ResolveDispute', disputeId: dispute.slice('dispute:'.length), outcome: 'won' });
    given.submit({ ...reverse, amount: '10000' });
    expect(given.of(acct)).toEqual([0n, 0n]);
    expect(transferOf(given.journal.records, transferId)?.amountReversed).toBe('10000');
  });
});

describe('money that comes to a closed account', () => {
  it('is paid out to its bank account, and no more than that', () => {
    const given = new Given();
    expect(given.refused({ ...payout, amount: '1' })).toMatchObject({ code: 'insufficient_available' });
    given.comesBack();
    expect(given.of(acct)).toEqual([0n, 9_680n]);
    expect(given.refused({ ...payout, amount: '9681' })).toMatchObject({ code: 'insufficient_available' });
    const again = given.payOut();
    expect(given.payoutOf(again).bankAccount).toBe(given.payoutOf(given.paidOut).bankAccount);
    given.arrives(again);
    expect([given.of(acct), given.inTransit]).toEqual([[0n, 0n], 0n]);
  });

  it('is the whole of what its payout was, where a bank has kept a fee of it', () => {
    const given = new Given();
    const [, before] = given.of('platform');
    given.comesBackLessFee();
    expect(given.of(acct)).toEqual([0n, 9_680n]);
    expect(given.of('platform')[1]).toBe(before - 100n);
    given.arrives(given.payOut());
    expect([given.of(acct), given.inTransit]).toEqual([[0n, 0n], 0n]);
    expect(given.journal.balance('payments:unapplied:USD')).toBe(0n);
  });

  it('keeps it from being erased as long as a payout of it is under way', () => {
    const given = new Given();
    const erase = { type: 'EraseConnectedAccount', accountId: acct } as const;
    given.comesBack();
    const again = given.payOut();
    expect(given.refused(erase)).toMatchObject({ code: 'account_not_empty' });
    given.midnight();
    expect(given.refused(erase)).toMatchObject({ code: 'account_not_empty' });
    given.arrives(again);
    expect(given.refused(erase)).toMatchObject({ kind: 'decided' });
  });

  it('goes to a bank account of the platform that is named, and has to where the account is erased', () => {
    const given = new Given();
    given.submit({ type: 'EraseConnectedAccount', accountId: acct });
    given.comesBack();
    expect(given.refused(payout)).toMatchObject({
      ...{ code: 'capability_inactive', detail: expect.stringContaining('of the platform') as string },
    });
    const [collecting = '', ours = ''] = ownAccounts(given.journal.records).map(({ id }) => id);
    // Payouts are paid from it.
    expect(given.refused({ ...payout, bankAccount: collecting })).toMatchObject({
      code: 'capability_inactive',
    });
    const id = given.payOut({ bankAccount: ours });
    expect(given.payoutOf(id)).toMatchObject({
      bankAccount: ours,
      connectedAccount: acct,
      rail: 'bank_transfer',
    });
    given.midnight();
    const made = given.journal.events.flatMap((event) =>
      event.type === 'PayoutBatchMade' ? [event.data.payoutBatch] : [],
    );
    expect(made.slice(1)).toMatchObject([
      { amount: '9680', count: 1, creditors: [{ id: ours, iban: payee.iban }] },
    ]);
    expect(given.of(acct)).toEqual([0n, 0n]);
  });

  it('does not go to who was suspended', () => {
    const given = new Given('suspended');
    given.comesBack();
    expect(given.refused(payout)).toMatchObject({ code: 'capability_inactive' });
    given.payOut({ bankAccount: 'ba_sim' });
    expect(given.of(acct)).toEqual([0n, 0n]);
  });

  it('of one that is not closed goes to none of the platform', () => {
    const given = new ChargeBooks();
    given.pay({ connectedAccount: acct }, true);
    given.submit({ type: 'PutBankAccounts', accounts: [own, payee] as never });
    const [, ours] = ownAccounts(given.journal.records);
    expect(given.refused({ ...payout, bankAccount: ours?.id ?? '' })).toMatchObject({
      code: 'unknown_bank_account',
    });
  });
});
