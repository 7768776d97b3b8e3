import type {
  AskEffect,
  PayoutEffect,
  PayoutOutcome,
  RailEffect,
  RailOutcome,
} from '@fintech-ledger/payments/domain';

/** A line of what a rail reports, and when it is settled or taken. */
export interface ModelReportLine {
  readonly at: string;
  readonly currency: string;
}
interface Done {
  /** When it was decided. */
  at: string;
  readonly effect: RailEffect;
  outcome: RailOutcome;
}

/** What a rail has done, by the key of a call: it does each once, and answers a repetition as before. */
export class ModelRail {
  readonly done = new Map<string, Done>();

  constructor(
    private readonly random: () => number,
    private readonly nowMs: () => number,
    /** Whether a payment is disputed, so that nothing of it is refunded. */
    private readonly isHeld: (payment: string) => boolean = () => false,
  ) {}

  /** What was captured of a payment and not refunded. */
  leftOf(payment: string): bigint {
    let left = 0n;
    for (const { effect, outcome } of this.done.values()) {
      const { data } = effect;
      if (data.payment !== payment || !('amount' in data)) continue;
      if (outcome.kind === 'captured') left += BigInt(data.amount);
      if (outcome.kind === 'refunded') left -= BigInt(data.amount);
    }
    return left;
  }

  /** What is in its reports of payments and refunds. */
  get reported(): readonly ModelReportLine[] {
    return [...this.done.values()].flatMap(({ at, effect, outcome }) => {
      const { currency } = effect.data;
      if (outcome.kind === 'captured') return [{ at: outcome.availableOn, currency }];
      return outcome.kind === 'refunded' ? [{ at, currency }] : [];
    });
  }

  /** What it answers; undefined: nobody hears it. */
  call(effect: RailEffect | AskEffect): RailOutcome | undefined {
    if (this.random() < 0.1) return undefined;
    const { key } = effect;
    if (effect.kind === 'ask') {
      const known = this.done.get(key);
      if (known === undefined) return { kind: 'not_known' };
      // What it did not know yet, or its payer had not done, it may know by now.
      return isOpen(known.outcome) && this.random() < 0.5 ? this.settled(known) : known.outcome;
    }
    const before = this.done.get(key);
    const outcome = before?.outcome ?? this.decide(effect, this.random());
    this.done.set(key, { at: before?.at ?? this.now, effect, outcome });
    if (outcome.kind === 'voided') this.end(effect.data.payment);
    return this.random() < 0.1 ? undefined : outcome;
  }

  /** What it has paid out, or would not, by the key of the call. */
  readonly paidOut = new Map<string, { readonly amount: string; outcome: PayoutOutcome }>();

  /** What it answers of a payout; undefined: nobody hears it. Some come back when they are asked about once more. */
  payOut({ data, key, kind }: PayoutEffect): PayoutOutcome | undefined {
    if (this.random() < 0.1) return undefined;
    const known = this.paidOut.get(key);
    if (kind === 'ask_payout') {
      if (known === undefined) return { kind: 'not_known' };
      const { outcome } = known;
      if (outcome.kind !== 'paid_out' || outcome.noticeAt === undefined || outcome.noticeAt > data.at)
        return outcome;
      known.outcome =
        this.random() < 0.5 ? { kind: 'paid_out', railReference: outcome.railReference } : notPaidOut;
      return known.outcome;
    }
    const chance = this.random();
    const railReference = `po_ref_${this.paidOut.size}`;
    const noticeAt = new Date(this.nowMs() + 86_400_000).toISOString();
    const made: PayoutOutcome =
      chance < 0.3 ? notPaidOut : { kind: 'paid_out', railReference, ...(chance < 0.6 && { noticeAt }) };
    const outcome = known?.outcome ?? made;
    this.paidOut.set(key, { amount: data.amount, outcome });
    return this.random() < 0.1 ? undefined : outcome;
  }

  /** The payer has acted, or what it did not know is known. */
  settle(key: string): RailOutcome | undefined {
    const known = this.done.get(key);
    if (known === undefined) return undefined;
    return isOpen(known.outcome) ? this.settled(known) : known.outcome;
  }

  /** Somebody has seen at the bank that it was paid, and will not come back. */
  arrived(key: string): void {
    const known = this.paidOut.get(key);
    if (known?.outcome.kind !== 'paid_out') return;
    known.outcome = { kind: 'paid_out', railReference: known.outcome.railReference };
  }

  private get now(): string {
    return new Date(this.nowMs()).toISOString();
  }

  private settled(known: Done): RailOutcome {
    known.at = this.now;
    known.outcome = this.decide(known.effect, 1);
    if (known.outcome.kind === 'voided') this.end(known.effect.data.payment);
    return known.outcome;
  }

  /** It was taken before it could be voided. */
  private capturedOf(payment: string): RailOutcome | undefined {
    const all = [...this.done.values()].filter(({ effect }) => effect.data.payment === payment);
    return all.find(({ outcome }) => outcome.kind === 'captured')?.outcome;
  }

  /** What was voided is not made any more. */
  private end(payment: string): void {
    for (const each of this.done.values())
      if (each.effect.data.payment === payment && isOpen(each.outcome)) each.outcome = declined;
  }

  private decide({ kind, data }: RailEffect, chance: number): RailOutcome {
    const railReference = `ref_${this.done.size}`;
    if (chance < 0.15) return { kind: 'pending', railReference };
    switch (kind) {
      case 'authorize':
        if (chance < 0.3) return { kind: 'requires_action', railReference, url: '/pay' };
        if (chance < 0.4 || (chance === 1 && this.random() < 0.3)) return declined;
        return data.capture ? this.captured(data.amount) : { kind: 'authorized', railReference };
      case 'capture':
        return chance < 0.3 ? declined : this.captured(data.amount);
      case 'void':
        return this.capturedOf(data.payment) ?? { kind: 'voided' };
      case 'refund':
        if (this.isHeld(data.payment)) return { kind: 'refund_failed', reason: 'charge_disputed' };
        return chance < 0.3
          ? { kind: 'refund_failed', reason: 'unknown' }
          : { kind: 'refunded', railReference };
    }
  }

  private captured(amount: string): RailOutcome {
    const fee = String((BigInt(amount) * 29n + 500n) / 1_000n + 30n);
    const days = Math.floor(this.random() * 3);
    const day = new Date(this.nowMs() + days * 86_400_000).toISOString().slice(0, 10);
    const availableOn = days === 0 ? this.now : `${day}T00:00:00.000Z`;
    const captured = { kind: 'captured', railReference: `ref_${this.done.size}`, fee, availableOn } as const;
    if (this.random() < 0.5) return captured;
    return { ...captured, noticeAt: new Date(this.nowMs() + this.random() * 2 * 86_400_000).toISOString() };
  }
}

const isOpen = ({ kind }: RailOutcome): boolean => kind === 'pending' || kind === 'requires_action';
const declined: RailOutcome = {
  kind: 'declined',
  railReference: null,
  declineCode: 'generic_decline',
  message: 'The card was declined.',
};
const notPaidOut: PayoutOutcome = {
  kind: 'pay_out_failed',
  failureCode: 'account_closed',
  message: 'The account is closed.',
};
