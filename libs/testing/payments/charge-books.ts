import { balanceLinesOf, netOf, paymentEvents } from '@fintech-ledger/payments/domain';
import type { BalanceLine, CreatePayment, PaymentEvent, PaymentFacts } from '@fintech-ledger/payments/domain';
import { PaymentsJournal } from './payments-journal';

type Command = Parameters<PaymentsJournal['submit']>[0];

const schedule = {
  delayDays: 2,
  interval: 'manual',
  minimumAmount: null,
  monthlyAnchor: null,
  weeklyAnchor: null,
} as const;
/** A connected account that asks for both capabilities. */
export const newAccount = (accountId: string): Command => ({
  type: 'CreateConnectedAccount',
  ...{ accountId, accountType: 'individual', capabilities: ['payments', 'payouts'], country: 'DE' },
  ...{ businessProfile: null, defaultCurrency: 'USD', email: null, livemode: false, metadata: {} },
  ...{ payoutSchedule: schedule, reserve: null, subject: 'sub_1' },
});
/** It has given all, so that its capabilities are active. */
export const allGiven = (accountId: string): Command => ({
  type: 'ProvideRequirements',
  accountId,
  bankAccount: { accountHolder: 'sealed:1:x', iban: 'sealed:1:x' },
  individual: {
    address: 'sealed:1:x',
    birthDate: 'sealed:1:x',
    firstName: 'sealed:1:x',
    lastName: 'sealed:1:x',
  },
  isTosAccepted: true,
});
export const newPayment: CreatePayment = {
  type: 'CreatePayment',
  ...{ amount: '10000', captureMethod: 'automatic', confirm: true, currency: 'USD', customer: null },
  ...{ description: null, livemode: false, metadata: {}, offSession: false, paymentMethod: 'pm_card_visa' },
  ...{ rail: null, returnUrl: null, transferGroup: null },
};

/** A journal with the account `acct_1`, or with several, whose payments are settled two days later. */
export class ChargeBooks {
  readonly journal = new PaymentsJournal();

  constructor(private readonly accounts: readonly string[] = ['acct_1']) {
    for (const account of accounts) {
      this.submit(newAccount(account));
      this.submit(allGiven(account));
    }
  }

  submit(command: Command): readonly PaymentEvent[] {
    const decision = this.journal.submit(command);
    if (decision.kind === 'refused') throw new Error(JSON.stringify(decision.refusal));
    this.check();
    return decision.events;
  }
  refused(command: Command): unknown {
    const decision = this.journal.decide(command);
    return decision.kind === 'refused' ? decision.refusal : decision;
  }

  /** The id of a payment that was captured, with the rail's fee of 2.9 % and 30. */
  pay(more: Partial<CreatePayment>, isAvailable = false): string {
    const id = this.create(more);
    this.capture(id, isAvailable);
    return id;
  }
  create(more: Partial<CreatePayment>): string {
    const [created] = this.submit({ ...newPayment, ...more });
    return (created?.data as { readonly payment: PaymentFacts }).payment.id;
  }
  capture(payment: string, isAvailable = false): void {
    const { amount, call } = this.journal.payment(payment);
    const fee = String((BigInt(call?.amount ?? amount) * 29n + 500n) / 1_000n + 30n);
    const days = isAvailable ? 0 : 172_800_000;
    const availableOn = new Date(Date.parse(this.journal.now) + days).toISOString();
    const outcome = { kind: 'captured', railReference: 'ch_1', fee, availableOn } as const;
    this.submit({ type: 'RecordRailOutcome', call: call?.key ?? '', outcome, payment, refund: null });
  }
  /** The id of a refund, whose rail has not answered. */
  refund(paymentId: string, amount: string, ...flags: readonly ('fee' | 'transfer')[]): string {
    const events = this.submit({
      ...{ type: 'CreateRefund', paymentId, amount, metadata: {}, reason: null },
      ...(flags.includes('fee') && { refundsApplicationFee: true }),
      ...(flags.includes('transfer') && { reversesTransfer: true }),
    });
    return (events.at(-1)?.data as { readonly refund: { readonly id: string } }).refund.id;
  }
  answer(refund: string, isMade: boolean): void {
    const { payment } = this.journal.refund(refund);
    const outcome = isMade
      ? ({ kind: 'refunded', railReference: 're_1' } as const)
      : ({ kind: 'refund_failed', reason: 'unknown' } as const);
    this.submit({ type: 'RecordRailOutcome', call: refund, outcome, payment, refund });
  }
  settle(): void {
    this.journal.advance(Date.parse(this.journal.now) + 172_800_001);
    this.check();
  }

  /** What somebody has pending, and available. */
  of(owner: string): readonly [bigint, bigint] {
    const path = owner === 'platform' ? 'platform' : `accounts:${owner}`;
    const has = (bucket: string): bigint => this.journal.balance(`payments:${path}:${bucket}:USD`);
    return [has('pending'), has('available')];
  }
  /** What of an account is held back. */
  reserved(owner: string): bigint {
    return this.journal.balance(`payments:accounts:${owner}:reserved:USD`);
  }
  get lines(): readonly BalanceLine[] {
    const own = this.journal.events.filter(({ type }) => paymentEvents.names.includes(type));
    return own.flatMap((event) => balanceLinesOf(event));
  }
  /** The types and amounts of the lines of an owner. */
  linesOf(owner: string): readonly (readonly [string, bigint])[] {
    return this.lines
      .filter((line) => line.owner === owner)
      .map(({ amount, type }) => [type, amount] as const);
  }

  /** What holds at every moment: the nets of the lines are the balance, and clearing is what is pending. */
  private check(): void {
    for (const owner of ['platform', ...this.accounts]) {
      const nets = this.lines.filter((line) => line.owner === owner && line.currency === 'USD');
      const net = nets.reduce((sum, line) => sum + netOf(line), 0n);
      const [pending, available] = this.of(owner);
      const has = pending + available + this.reserved(owner);
      if (net !== has) throw new Error(`${owner}: ${net} of ${has}`);
    }
    const ids = this.lines.map(({ id }) => id);
    if (new Set(ids).size !== ids.length) throw new Error('two lines have one id');
  }
}
