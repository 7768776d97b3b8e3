import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { evolve, LayeredView } from '@fintech-ledger/ledger/domain';
import { foldOver, paymentEvents, splitKey } from '@fintech-ledger/payments/domain';
import type { PaymentEvent, PaymentsView } from '@fintech-ledger/payments/domain';
import type { BankEvent } from './events';
import { evolveBank } from './evolve';
import type { BankView } from './records';

export type AnyView = BankView & PaymentsView & SharedView;
export type AnyEvent = BankEvent | PaymentEvent;

type LedgerChanges = Parameters<LayeredView['set']>[0];
const namesOfPayments = new Set<string>(paymentEvents.names);
const isOfPayments = (event: AnyEvent): event is PaymentEvent => namesOfPayments.has(event.type);

/** The events of one decision, each decided on what those before it have changed. */
export class Draft {
  readonly events: AnyEvent[] = [];
  readonly view: AnyView;
  private readonly layered: LayeredView;

  constructor(
    under: AnyView,
    readonly context: DecideContext,
  ) {
    this.layered = new LayeredView(under);
    this.view = this.layered as unknown as AnyView;
  }

  /** Of the next event. */
  get index(): number {
    return this.events.length;
  }

  add(event: AnyEvent): void {
    if (isOfPayments(event)) foldOver(this.layered, event, this.before(event));
    else {
      if ('entries' in event.data)
        this.layered.set(evolve(this.layered, event as unknown as Parameters<typeof evolve>[1]));
      this.layered.set(evolveBank(this.view, event) as unknown as LedgerChanges);
    }
    this.events.push(event);
  }
  /** Nothing was read of an id that is new. */
  private before(event: PaymentEvent): PaymentsView {
    const made = event.type === 'SplitPaymentCaptured' ? splitKey(event.data.split.id) : undefined;
    return { get: (key) => (key === made ? undefined : this.view.get(key)) } as PaymentsView;
  }
}
