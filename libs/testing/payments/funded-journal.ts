import type { ConversionFacts, FxCommand, QuoteFacts, RateFacts } from '@fintech-ledger/fx/domain';
import type { PaymentEvent } from '@fintech-ledger/payments/domain';
import { PaymentsJournal } from './payments-journal';

interface OfFx {
  readonly conversion?: ConversionFacts;
  readonly quote?: QuoteFacts;
  readonly rate?: RateFacts;
}

/** A journal of a payments ledger whose platform has money, and converts it. */
export class FundedJournal {
  readonly journal = new PaymentsJournal();

  submit(command: Parameters<PaymentsJournal['submit']>[0]): readonly PaymentEvent[] {
    const decision = this.journal.submit(command);
    if (decision.kind === 'refused') throw new Error(JSON.stringify(decision.refusal));
    return decision.events;
  }

  /** What the event of a command says, which books nothing else. */
  fx(command: FxCommand): OfFx {
    return this.submit(command)[0]?.data as OfFx;
  }

  /** The code of the refusal, and the field. */
  refused(command: FxCommand): readonly (string | undefined)[] {
    const before = this.journal.events.length;
    const decision = this.journal.submit(command);
    if (decision.kind !== 'refused' || this.journal.events.length > before)
      throw new Error(`${command.type} is not refused`);
    return [decision.refusal.code, decision.refusal.param];
  }

  /** A payment of the platform's that is available at once, without a fee. */
  pay(amount: string, currency: string): void {
    const [created] = this.submit({
      type: 'CreatePayment',
      ...{ amount, captureMethod: 'automatic', confirm: true, currency, customer: null, description: null },
      ...{ livemode: false, metadata: {}, offSession: false, paymentMethod: 'pm_card_visa', rail: null },
      ...{ returnUrl: null, transferGroup: null },
    } as const);
    const payment = (created?.data as { payment: { id: string } }).payment.id;
    const outcome = {
      ...({ kind: 'captured', railReference: 'ch_1', fee: '0' } as const),
      availableOn: this.journal.now,
    };
    const call = this.journal.payment(payment).call?.key ?? '';
    this.submit({ type: 'RecordRailOutcome', call, outcome, payment, refund: null });
  }

  rate(base: string, quote: string, bid: string, ask = bid, validFrom: string | null = null): RateFacts {
    const of = { base, quote, bid, ask, validFrom };
    const { rate } = this.fx({ type: 'SetFxRate', livemode: false, source: 'test', ...of });
    if (rate === undefined) throw new Error('no rate was set');
    return rate;
  }

  quote(amount: string, currency: string, to: string): QuoteFacts {
    const { quote } = this.fx({ type: 'CreateFxQuote', from: { amount, currency }, livemode: false, to });
    if (quote === undefined) throw new Error('no quote was made');
    return quote;
  }

  convert(quote: string): ConversionFacts {
    const { conversion } = this.fx({ type: 'CreateFxConversion', livemode: false, quote });
    if (conversion === undefined) throw new Error('nothing was converted');
    return conversion;
  }

  available(currency: string): bigint {
    return this.journal.balance(`payments:platform:available:${currency}`);
  }

  later(ms: number): void {
    this.journal.now = new Date(Date.parse(this.journal.now) + ms).toISOString();
  }
}
