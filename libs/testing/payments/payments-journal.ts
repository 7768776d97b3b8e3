import type { AnyEventType, EventList } from '@fintech-ledger/contract';
import { joinedDomain } from '@fintech-ledger/journal';
import type {
  AnyJoinable,
  AnyPart,
  Decided,
  Decision,
  DomainEvent,
  DomainRecord,
  RecordView,
} from '@fintech-ledger/journal';
import { bankPart } from '@fintech-ledger/bank';
import { bankEvents } from '@fintech-ledger/bank/domain';
import type { BankCommand } from '@fintech-ledger/bank/domain';
import { connectPart } from '@fintech-ledger/connect';
import { connectEvents } from '@fintech-ledger/connect/domain';
import type { ConnectCommand } from '@fintech-ledger/connect/domain';
import { customersPart } from '@fintech-ledger/customers';
import { customerEvents } from '@fintech-ledger/customers/domain';
import type { CustomerCommand } from '@fintech-ledger/customers/domain';
import { fxPart } from '@fintech-ledger/fx';
import { fxEvents } from '@fintech-ledger/fx/domain';
import type { FxCommand } from '@fintech-ledger/fx/domain';
import { ledgerDomain } from '@fintech-ledger/ledger';
import { accountKey, ledgerEvents, postedBalance } from '@fintech-ledger/ledger/domain';
import type { AccountRecord } from '@fintech-ledger/ledger/domain';
import { paymentsPart } from '@fintech-ledger/payments';
import { paymentEvents, paymentOf, recordKeys, refundOf } from '@fintech-ledger/payments/domain';
import type {
  PaymentCommand,
  PaymentEvent,
  PaymentFacts,
  RefundFacts,
} from '@fintech-ledger/payments/domain';
import { splitsPart } from '@fintech-ledger/splits';
import { splitEvents } from '@fintech-ledger/splits/domain';
import type { SplitCommand } from '@fintech-ledger/splits/domain';
import { deepFreeze } from '../deep-freeze';
import { EventSchemas } from '../event-schemas';
import { LoadedView } from '../loaded-view';

const events = ledgerEvents
  .with(paymentEvents)
  .with(customerEvents)
  .with(connectEvents)
  .with(fxEvents)
  .with(bankEvents)
  .with(splitEvents);
const parts = {
  payments: paymentsPart as AnyPart,
  customers: customersPart as AnyPart,
  connect: connectPart as AnyPart,
  fx: fxPart as AnyPart,
  bank: bankPart as AnyPart,
  splits: splitsPart as AnyPart,
};
type AnyCommand = PaymentCommand | CustomerCommand | ConnectCommand | FxCommand | BankCommand | SplitCommand;
const domain = joinedDomain(events, parts, ledgerDomain as AnyJoinable);
const schemas = new EventSchemas(events as EventList<AnyEventType>);
const stream = 'journal-led_1';

/** Of what is due, all but the reports of rails: for specs that are about something else. */
export const isNoReport = (key: string): boolean => !key.startsWith(recordKeys.feeReport);

/** The journal of a payments ledger in memory: its state, as the writer would have it. Ids carry revisions. */
export class PaymentsJournal {
  readonly records = new Map<string, DomainRecord>();
  readonly events: PaymentEvent[] = [];
  now = '2026-01-05T12:00:00.000Z';
  /** Of what is due: all that was decided, as a writer does, or as little as may be stored without the rest. */
  storesAllDue = false;

  /** Decides and applies; nothing where it is refused. */
  submit(command: AnyCommand): Decision<PaymentEvent> {
    return this.take(command, ({ events: all }) => all.length);
  }

  /** @param taken how many of the events: an append may not take all of them */
  private take(
    command: AnyCommand,
    taken: (decided: Decided<PaymentEvent>) => number,
  ): Decision<PaymentEvent> {
    const read = LoadedView.forCommand(this.records, command, domain.reads);
    const decision = this.decided(command, read);
    if (decision.kind === 'decided')
      for (const event of decision.events.slice(0, taken(decision))) {
        this.checkTransaction(event);
        this.fold(event, read.folding(events.touches(event)));
      }
    return decision;
  }

  /** A transaction is found by its id, which says the revision of its event. */
  private checkTransaction({ data, type }: PaymentEvent): void {
    const id = 'transaction' in data ? data.transaction.id : undefined;
    if (id !== undefined && id !== `txn_${this.events.length}`)
      throw new Error(`${type} at revision ${this.events.length} has transaction ${id}`);
  }

  decide(command: AnyCommand): Decision<PaymentEvent> {
    return this.decided(command, LoadedView.forCommand(this.records, command, domain.reads));
  }

  /** Of a journal that is read. @throws BrokenInvariant when the event contradicts the state */
  apply(event: PaymentEvent): void {
    this.fold(event, new LoadedView(this.records, events.touches(event)));
  }

  private decided(command: AnyCommand, read: LoadedView<DomainRecord>): Decision<PaymentEvent> {
    const context = {
      now: this.now,
      organizationId: 'org_1',
      newId: (prefix: string, index: number) => `${prefix}_${this.events.length + index}`,
    };
    return domain.decide(read, deepFreeze(command), context) as Decision<PaymentEvent>;
  }

  private fold(event: PaymentEvent, view: RecordView<DomainRecord>): void {
    schemas.check(event);
    const at = { stream, revision: this.events.length, recordedAt: this.now };
    for (const { key, record } of domain.evolve(view, deepFreeze(event) as DomainEvent, at))
      this.records.set(key, deepFreeze(record));
    this.events.push(event);
  }

  /**
   * Moves the clock, and does what has become due, in the order of the times at which it does.
   * @param isReached of what is due: the process may die before the rest
   */
  advance(toMs: number, isReached: (key: string) => boolean = () => true): void {
    this.now = new Date(toMs).toISOString();
    for (;;) {
      const due = [...this.records].flatMap(([key, record]) => {
        const at = domain.dueAt(record) ?? '9';
        return at <= this.now ? [{ key, at }] : [];
      });
      const inOrder = due.sort((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)));
      const keys = inOrder.map(({ key }) => key).filter(isReached);
      if (keys.length === 0) return;
      const decision = this.take({ type: 'ActOnPayments', keys }, ({ events: all, mayEndAfter = [1] }) =>
        this.storesAllDue ? all.length : (mayEndAfter[0] ?? 0),
      );
      if (decision.kind === 'refused' || decision.events.length === 0) return;
    }
  }

  /** The same with all that falls due on the way, each at its own time, as the clock of a sandbox is advanced. */
  run(to: string): void {
    for (;;) {
      const next = [...this.records.values()].flatMap((record) => domain.dueAt(record) ?? []).sort()[0];
      if (next === undefined || next > to) break;
      this.advance(Date.parse(next > this.now ? next : this.now));
    }
    this.now = to;
  }

  /** Keys of what is due at a moment. */
  dueAt(key: string): string | undefined {
    const record = this.records.get(key);
    return record && domain.dueAt(record);
  }

  payment(id: string): PaymentFacts {
    const payment = paymentOf(this.records, id);
    if (payment === undefined) throw new Error(`there is no payment ${id}`);
    return payment;
  }
  refund(id: string): RefundFacts {
    const refund = refundOf(this.records, id);
    if (refund === undefined) throw new Error(`there is no refund ${id}`);
    return refund;
  }

  /** In the account's normal direction; 0: nothing was booked on it. */
  balance(address: string): bigint {
    const account = this.account(address);
    return account === undefined ? 0n : postedBalance(account.type, account);
  }
  /** Of all accounts that were opened. */
  get accounts(): readonly AccountRecord[] {
    return [...this.records.values()].filter((record): record is AccountRecord => record.kind === 'account');
  }
  private account(address: string): AccountRecord | undefined {
    return this.records.get(accountKey(address)) as AccountRecord | undefined;
  }
}
