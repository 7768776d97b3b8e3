import { EventList, exactly, nothing, object, oneOf } from '@fintech-ledger/contract';
import type { EventOf, EventsOf } from '@fintech-ledger/contract';
import type { BookingFacts } from './booking-event';
import { detailed, withAllDetails, withDetail, withImported } from './detail-versions';
import type { AccountTerms } from './account';
import type { Amendment } from './amendment';
import { holdCaptured } from './capture-event';
import { bookedEntries, holdSnapshot, maybeExpires, transactionHeader } from './event-shapes';
import { accountEvent, amendingEvent, beginningEvent, statusEvent } from './ledger-event-type';
import type { AccountFacts, AmendingFacts, LedgerEventType, MoneyFacts } from './ledger-event-type';
import { periodClosedEvent } from './period-event';
import { nothingChanged, transactionsRefused } from './recording-events';
import { transactionReversed } from './reversal-event';

const accountOpened = accountEvent({
  name: 'AccountOpened',
  description: 'An account was opened; its terms.',
  status: exactly('open'),
  version: exactly(1),
});
const accountAmended = accountEvent({
  name: 'AccountAmended',
  description: 'Bounds or metadata of an account were changed; its terms after it.',
  status: oneOf('open', 'frozen', 'closed'),
});
const accountFrozen = statusEvent({
  name: 'AccountFrozen',
  description: 'An account takes no postings until it is unfrozen; its terms after it.',
  to: 'frozen',
  before: 'open',
  told: 'An account takes no postings until it is unfrozen.',
  by: 'FreezeAccount',
});
const accountUnfrozen = statusEvent({
  name: 'AccountUnfrozen',
  description: 'A frozen account takes postings again; its terms after it.',
  to: 'open',
  before: 'frozen',
  told: 'A frozen account takes postings again.',
  by: 'UnfreezeAccount',
});
const accountClosed = statusEvent({
  name: 'AccountClosed',
  description: 'An empty account was closed; its terms after it.',
  to: 'closed',
  told: 'An empty account was closed.',
  by: 'CloseAccount',
});
const accountReopened = statusEvent({
  name: 'AccountReopened',
  description: 'A closed account takes postings again; its terms after it.',
  to: 'open',
  before: 'closed',
  told: 'A closed account takes postings again.',
  by: 'ReopenAccount',
});

const posted = object<MoneyFacts>({
  entries: bookedEntries(exactly('post')),
  transaction: transactionHeader({ expiresAt: nothing, reverses: nothing, status: exactly('posted') }),
});
const transactionPosted = beginningEvent({
  name: 'TransactionPosted',
  description: 'A transaction was booked at once. Its lines are its entries.',
  schema: posted,
});
const transactionImported = beginningEvent({
  name: 'TransactionImported',
  description:
    'A transaction of an imported file was booked as it had happened, beyond a bound or on an account that is frozen ' +
    'or closed. Its lines are its entries.',
  schema: detailed(posted, 'correctionOf'),
});
const holdPlaced = beginningEvent({
  name: 'HoldPlaced',
  description: 'Amounts were reserved. The lines of the hold are its entries.',
  schema: object<MoneyFacts>({
    entries: bookedEntries(exactly('hold')),
    transaction: transactionHeader({
      expiresAt: maybeExpires,
      reverses: nothing,
      status: exactly('pending'),
    }),
  }),
});
const holdVoided = amendingEvent({
  name: 'HoldVoided',
  description:
    'All that was still held was released by command: voided, or posted when a part had been captured. The transaction as it is after it.',
  schema: object<Omit<AmendingFacts, 'effectiveAt'>>({
    entries: bookedEntries(exactly('release')),
    transaction: holdSnapshot(oneOf('voided', 'posted')),
  }),
});
const holdExpired = amendingEvent({
  name: 'HoldExpired',
  description:
    'All that was still held was released because its time had come: expired, or posted when a part had been captured. The transaction as it is after it.',
  schema: object<Omit<AmendingFacts, 'effectiveAt'>>({
    entries: bookedEntries(exactly('release')),
    transaction: holdSnapshot(oneOf('expired', 'posted')),
  }),
  // However late it was noticed.
  happenedAt: ({ expiresAt }, recordedAt) => expiresAt ?? recordedAt,
});

/** Every event that a ledger's journal may hold. */
export const ledgerEvents = new EventList(
  { prefix: 'journal-' },
  withAllDetails([
    accountOpened,
    accountAmended,
    accountFrozen,
    accountUnfrozen,
    accountClosed,
    accountReopened,
    withDetail(transactionPosted, 'correctionOf'),
    transactionImported,
    withImported(withDetail(holdPlaced, 'correctionOf'), 'openUntil'),
    withImported(withDetail(holdCaptured, 'correctionOf'), 'openUntil', 'effectiveAt'),
    withImported(withDetail(holdVoided, 'correctionOf'), 'effectiveAt'),
    withDetail(holdExpired, 'correctionOf'),
    withDetail(transactionReversed, 'correctionOf'),
    transactionsRefused,
    nothingChanged,
    periodClosedEvent,
  ]),
);

export type LedgerEvent = EventsOf<typeof ledgerEvents>;
/** The events that carry entries. */
export type MoneyEvent = Extract<LedgerEvent, { readonly data: MoneyFacts }>;
export type AccountEvent = Extract<LedgerEvent, { readonly data: AccountFacts }>;
type EventTypes = (typeof ledgerEvents)['types'][number];
type StatusEventTypes = Extract<EventTypes, { readonly by: string }>;
/** The events that say all of a new transaction, and change no other. */
export type LoneEvent = EventOf<Extract<EventTypes, { readonly standsAlone: true }>>;
/** The events that change no record. */
export type RecordingEvent = EventOf<Extract<EventTypes, { readonly changesNothing: true }>>;
/** The events that change an account's status alone. */
export type StatusEvent = EventOf<StatusEventTypes>;
export type TransactionPosted = EventOf<typeof transactionPosted>;
export type TransactionImported = EventOf<typeof transactionImported>;
export type HoldPlaced = EventOf<typeof holdPlaced>;
export type HoldCaptured = EventOf<typeof holdCaptured>;
export type HoldVoided = EventOf<typeof holdVoided>;
export type HoldExpired = EventOf<typeof holdExpired>;
export type TransactionReversed = EventOf<typeof transactionReversed>;
export type TransactionsRefused = EventOf<typeof transactionsRefused>;
export type PeriodClosed = EventOf<typeof periodClosedEvent>;

/** An event of a journal, of whichever module. */
export interface JournalFact {
  readonly type: string;
  readonly data: object;
}
/** An event that carries entries, of whichever module. */
export interface BookedFact extends JournalFact {
  readonly data: MoneyFacts & Partial<BookingFacts>;
}

/** Whether it is one of this module's. */
export function isOfLedger(event: JournalFact): event is LedgerEvent {
  return typeOf(event) !== undefined;
}

/** The accounts that an event opens. */
export function openedBy(event: JournalFact): readonly AccountTerms[] {
  if (changesAccount(event)) return event.type === 'AccountOpened' ? [event.data.account] : [];
  return movesMoney(event) ? (event.data.opens ?? []) : [];
}

/** True for the events that carry entries. In a journal nothing else is called so. */
export function movesMoney(event: LedgerEvent): event is MoneyEvent;
export function movesMoney(event: JournalFact): event is BookedFact;
export function movesMoney(event: JournalFact): boolean {
  return 'entries' in event.data;
}

/** True for the event that closes a part of the books. In a journal nothing else is called so. */
export const closesPeriod = (event: JournalFact): event is PeriodClosed => event.type === 'PeriodClosed';

/** True for the events that change an account's terms. Other modules may call something else an account. */
export function changesAccount(event: JournalFact): event is AccountEvent {
  return 'account' in event.data && isOfLedger(event);
}

/** True for the events that change an account's status alone. */
export function changesStatus(event: LedgerEvent): event is StatusEvent {
  return 'by' in ledgerEvents.of(event.type);
}

/** True for the events that say all of a new transaction. */
export function standsAlone(event: LedgerEvent): event is LoneEvent {
  return 'standsAlone' in ledgerEvents.of(event.type);
}

/** True for the events that only say something. */
export function changesNothing(event: LedgerEvent): event is RecordingEvent {
  return 'changesNothing' in ledgerEvents.of(event.type);
}

/** The types of events that change an account's status alone. */
export const statusEventTypes: readonly StatusEventTypes[] = ledgerEvents.types.filter(
  (type) => 'by' in type,
);

/** The command that makes such an event. */
export function statusCommandOf({ type }: StatusEvent): StatusEventTypes['by'] {
  return ledgerEvents.of(type).by;
}

/** Whether the event's transaction is a new one, with its entries as lines: of another module's it always is. */
export function beginsTransaction(event: BookedFact): boolean {
  return typeOf(event)?.begins ?? true;
}

/** What the event does to an earlier transaction: other modules' do nothing. */
export function amendmentOf(event: JournalFact): Amendment | undefined {
  return typeOf(event)?.amends?.(event.data);
}

/** When an event counts. */
export function effectiveAtOf(event: JournalFact, recordedAt: string): string {
  const said = typeOf(event)?.effectiveAt?.(event.data, recordedAt);
  if (said !== undefined) return said;
  return movesMoney(event) && beginsTransaction(event) ? event.data.transaction.effectiveAt : recordedAt;
}

const ownTypes: ReadonlyMap<string, LedgerEventType<string, object>> = new Map(
  ledgerEvents.types.map((type) => [type.name, type]),
);

/** Undefined: it is another module's. */
function typeOf({ type }: JournalFact): LedgerEventType<string, object> | undefined {
  return ownTypes.get(type);
}
