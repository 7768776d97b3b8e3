import { isRefusal, refusal, refuse } from '@fintech-ledger/contract';
import { streamOwner } from '@fintech-ledger/envelope';
import type { DecideContext, Deferral, DomainPart, RecordView } from '@fintech-ledger/journal';
import { bookLines, readsOfLines } from '@fintech-ledger/ledger/domain';
import type { BookingLine, LedgerRecord } from '@fintech-ledger/ledger/domain';
import { callKey, carrier, carrierEvents } from './carrier-events';
import type { CallFacts, CarrierEvent } from './carrier-events';

/** Has a parcel handed over to the carrier. */
export interface HandOver {
  readonly type: 'HandOver';
  readonly parcelId: string;
  readonly currency: string;
}
/** The same, and waits for what the carrier says. */
export interface SendParcel extends Omit<HandOver, 'type'> {
  readonly type: 'SendParcel';
}
/** What the carrier said at an attempt. `not_known`: it never heard of the parcel. */
export interface RecordCarrier {
  readonly type: 'RecordCarrier';
  readonly parcelId: string;
  readonly outcome: 'taken' | 'refused' | 'not_known';
}
/** The writer's own command: the carrier has not answered in time. */
export interface AskCarrier {
  readonly type: 'AskCarrier';
  readonly parcelIds: readonly string[];
}
export type CarrierCommand = HandOver | SendParcel | RecordCarrier | AskCarrier;

export const carrierRefused = refusal('carrier_refused', 'declined', 'The carrier does not take the parcel.');
export const alreadySent = refusal('already_sent', 'conflict', 'The parcel was sent before.');
export const callUnderWay = refusal('call_under_way', 'conflict', 'The carrier has not answered yet.');

/** A call as the journal's state has it. */
export interface CallRecord {
  readonly kind: 'call';
  readonly call: CallFacts;
  /** The revision of the event with its outcome. */
  readonly endedAt?: number;
}
type View = RecordView<CallRecord | LedgerRecord>;

type CarrierPart = DomainPart<CarrierCommand, CarrierEvent, CallRecord, CallRecord | LedgerRecord>;

function withParcel<Of extends object>(refusal: Of, parcel: CallFacts): Of & { readonly objects: object } {
  return { ...refusal, objects: { parcel } };
}

const deferral: Deferral<CarrierCommand, CarrierEvent, CallRecord, CallRecord | LedgerRecord> = {
  awaited({ type }, [event]) {
    if (type !== 'SendParcel' || event?.type !== 'CarrierAttempted') return undefined;
    const { parcelId } = event.data.call;
    return { record: callKey(parcelId), call: parcelId };
  },
  busy: (command, view) =>
    command.type === 'SendParcel' && callOf(view, command.parcelId)?.isOpen === true
      ? callKey(command.parcelId)
      : undefined,
  ended: ({ data: { call } }) =>
    call.isOpen ? undefined : { record: callKey(call.parcelId), call: call.parcelId },
  endedAt: ({ endedAt }) => endedAt,
  answer({ events, stream, revision }) {
    const ended = events.at(-1) as CarrierEvent;
    const { call } = ended.data;
    if (ended.type === 'CarrierRefused')
      return { kind: 'refused', refusal: withParcel(refuse(carrierRefused, 'It takes no parcel.'), call) };
    const position = `${streamOwner(stream)}@${revision}`;
    return { kind: 'answered', answer: JSON.stringify({ object: 'parcel', ...call, position }) };
  },
  underWay(view, record) {
    const call = callOf(view, record.slice(callKey('').length)) as CallFacts;
    return withParcel(refuse(callUnderWay, 'The carrier has not answered yet.'), call);
  },
};

/** What the module does in the journals of ledgers. @param patienceMs how long the carrier is waited for at first */
export const carrierPartWith = (patienceMs: number): CarrierPart => ({
  commands: { HandOver: true, SendParcel: true, RecordCarrier: true, AskCarrier: true },
  events: carrierEvents,
  records: { call: callKey('') },
  reads(command, view) {
    if (command.type === 'HandOver' || command.type === 'SendParcel') return [callKey(command.parcelId)];
    if (command.type === 'AskCarrier') return command.parcelIds.map(callKey);
    const call = callOf(view, command.parcelId);
    return [callKey(command.parcelId), ...(call ? readsOfLines(priceLines(call.currency)) : [])];
  },
  decide(view, command, context) {
    const before = command.type === 'SendParcel' ? callOf(view, command.parcelId) : undefined;
    if (before) return { kind: 'refused', refusal: withParcel(refuse(alreadySent, 'It was sent.'), before) };
    return { kind: 'decided', events: [...events(view, command, context, patienceMs)] };
  },
  evolve: (_view, { data: { call } }, { revision }) => [
    {
      key: callKey(call.parcelId),
      record: { kind: 'call', call, ...(!call.isOpen && { endedAt: revision }) },
    },
  ],
  deferral,
  // By the same key, however often it is tried.
  effectsOf({ type, data: { call } }) {
    if (type !== 'CarrierAttempted') return [];
    const { kind, parcelId: key, attempt: number } = call;
    return [{ kind, key, attempt: number, data: {} }];
  },
  dueAt: ({ call: { askAt, isOpen } }) => (isOpen ? askAt : undefined),
  dueCommand: (keys) => ({
    type: 'AskCarrier',
    parcelIds: keys.map((key) => key.slice(callKey('').length)),
  }),
  answer({ command, events: [event], stream, revision, dryRun }) {
    const said = { object: 'call', ...event?.data.call, of: command.type };
    const answer = { ...said, position: `${streamOwner(stream)}@${revision}` };
    return JSON.stringify(dryRun ? { ...answer, dry_run: true } : answer);
  },
});
export const carrierPart = carrierPartWith(30_000);

/** It is waited for longer at each attempt. */
const patienceMsMax = 3_600_000;

const owedOf = (currency: string): string => `${carrier}:${currency}:carrier`;
const costOf = (currency: string): string => `${carrier}:${currency}:cost`;
/** What the carrier takes for a parcel. */
const price = 1n;

/** The lines of what the carrier has taken. */
function priceLines(currency: string): BookingLine[] {
  const both = { amount: price, currency };
  return [
    { account: costOf(currency), direction: 'debit', ...both, opens: { type: 'expense' } },
    { account: owedOf(currency), direction: 'credit', ...both, opens: { type: 'liability' } },
  ];
}

function callOf(view: View, parcelId: string): CallFacts | undefined {
  const record = view.get(callKey(parcelId));
  return record?.kind === 'call' ? record.call : undefined;
}

/** Nothing, where it is done already, or where it is not known any more. */
function* events(
  view: View,
  command: CarrierCommand,
  context: DecideContext,
  patienceMs: number,
): Generator<CarrierEvent> {
  const attempt = (before: AttemptBefore, kind: CallFacts['kind']): CarrierEvent =>
    nextAttempt(before, kind, context.now, patienceMs);
  switch (command.type) {
    case 'HandOver':
    case 'SendParcel': {
      const { parcelId, currency } = command;
      if (callOf(view, parcelId) !== undefined) return;
      yield attempt({ parcelId, currency, attempt: 0 }, 'hand_over');
      return;
    }
    case 'AskCarrier':
      for (const parcelId of command.parcelIds) {
        const call = callOf(view, parcelId);
        if (call?.isOpen === true && call.askAt <= context.now) yield attempt(call, 'ask');
      }
      return;
    case 'RecordCarrier': {
      const call = callOf(view, command.parcelId);
      if (call?.isOpen !== true) return;
      // It never came there: it is handed over again, by the same key.
      if (command.outcome === 'not_known') yield attempt(call, 'hand_over');
      else yield ended(view, call, command.outcome, context);
    }
  }
}

type AttemptBefore = Pick<CallFacts, 'parcelId' | 'currency' | 'attempt'>;

function nextAttempt(
  call: AttemptBefore,
  kind: CallFacts['kind'],
  now: string,
  patienceMs: number,
): CarrierEvent {
  const { parcelId, currency, attempt: before } = call;
  const waitMs = Math.min(patienceMs * 2 ** before, patienceMsMax);
  const askAt = new Date(Date.parse(now) + waitMs).toISOString();
  const data = { call: { askAt, attempt: before + 1, currency, isOpen: true, kind, parcelId } };
  return { type: 'CarrierAttempted', data };
}

function ended(
  view: View,
  before: CallFacts,
  outcome: 'taken' | 'refused',
  context: DecideContext,
): CarrierEvent {
  const call = { ...before, isOpen: false };
  if (outcome === 'refused') return { type: 'CarrierRefused', data: { call } };
  const request = { lines: priceLines(call.currency), judged: false, manager: carrier };
  const booking = bookLines(view, request, context);
  if (isRefusal(booking)) throw new Error(booking.detail);
  return { type: 'CarrierTook', data: { ...booking, call } };
}
