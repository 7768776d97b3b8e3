import { isRefusal, refusal, refused } from '@fintech-ledger/contract';
import { streamOwner } from '@fintech-ledger/envelope';
import type { AnswerRequest, DecideContext, DomainPart, RecordView } from '@fintech-ledger/journal';
import { bookLines, evolve, LayeredView, readsOfLines } from '@fintech-ledger/ledger/domain';
import type { BookingLine, BookingRequest, LedgerRecord, OpeningTerms } from '@fintech-ledger/ledger/domain';
import { parcelKey, postage, postageEvents } from './postage-events';
import type { ParcelFacts, PostageEvent } from './postage-events';

export interface PayIn {
  readonly type: 'PayIn';
  readonly owner: string;
  /** Minor units. */
  readonly amount: string;
  readonly currency: string;
}
export interface ChargeParcel {
  readonly type: 'ChargeParcel';
  readonly parcelId: string;
  readonly owner: string;
  readonly fee: string;
  readonly currency: string;
  /** Whether its owner must have the money. */
  readonly judged: boolean;
  /** RFC 3339: when it is delivered, without a command. */
  readonly deliveredAt?: string;
}
export interface LabelParcel {
  readonly type: 'LabelParcel';
  readonly parcelId: string;
  readonly account: string;
}
/** The writer's own command. */
export interface DeliverParcels {
  readonly type: 'DeliverParcels';
  readonly parcelIds: readonly string[];
}
export type PostageCommand = PayIn | ChargeParcel | LabelParcel | DeliverParcels;

export interface ParcelRecord extends ParcelFacts {
  readonly kind: 'parcel';
}
type View = RecordView<ParcelRecord | LedgerRecord>;

export const parcelExists = refusal('parcel_exists', 'conflict', 'There is such a parcel.');

/** Below the name of the module; opened where something is booked on them first. */
export const bankOf = (currency: string): string => `${postage}:${currency}:bank`;
export const transitOf = (currency: string): string => `${postage}:${currency}:transit`;
export const earnedOf = (currency: string): string => `${postage}:${currency}:earned`;
export const balanceOf = (owner: string, currency: string): string =>
  `${postage}:${currency}:${owner}:available`;

/** What the module does in the journals of ledgers. */
export const postagePart: DomainPart<
  PostageCommand,
  PostageEvent,
  ParcelRecord,
  ParcelRecord | LedgerRecord
> = {
  commands: { PayIn: true, ChargeParcel: true, LabelParcel: true, DeliverParcels: true },
  events: postageEvents,
  records: { parcel: parcelKey('') },
  reads,
  decide,
  costOf: (command) => (command.type === 'DeliverParcels' ? command.parcelIds.length : 1),
  evolve: (_view, event) =>
    'parcel' in event.data
      ? [{ key: parcelKey(event.data.parcel.id), record: { kind: 'parcel', ...event.data.parcel } }]
      : [],
  dueAt: ({ deliveredAt, isDelivered }) => (isDelivered ? undefined : (deliveredAt ?? undefined)),
  dueCommand: (keys) => ({
    type: 'DeliverParcels',
    parcelIds: keys.map((key) => key.slice(parcelKey('').length)),
  }),
  answer,
};

function reads(command: PostageCommand, view: View): readonly string[] {
  switch (command.type) {
    case 'PayIn':
      return readsOfLines(paidIn(command));
    case 'ChargeParcel':
      return [parcelKey(command.parcelId), ...readsOfLines(chargedLines(command))];
    case 'LabelParcel':
      return [];
    case 'DeliverParcels':
      return command.parcelIds.flatMap((id) => {
        const parcel = parcelOf(view, id);
        return [parcelKey(id), ...(parcel ? readsOfLines(deliveredLines(parcel)) : [])];
      });
  }
}

function decide(
  view: View,
  command: PostageCommand,
  context: DecideContext,
): ReturnType<typeof postagePart.decide> {
  switch (command.type) {
    case 'PayIn':
      return booked(view, context, { lines: paidIn(command), judged: false }, (facts) => ({
        type: 'PostagePaidIn',
        data: { ...facts, owner: command.owner },
      }));
    case 'ChargeParcel':
      return charge(view, command, context);
    case 'LabelParcel': {
      const { account, parcelId } = command;
      return { kind: 'decided', events: [{ type: 'ParcelLabelled', data: { account, parcelId } }] };
    }
    case 'DeliverParcels':
      return { kind: 'decided', events: [...deliveries(view, command, context)] };
  }
}

type Facts = Exclude<ReturnType<typeof bookLines>, { readonly code: string }>;

function booked(
  view: View,
  context: DecideContext,
  request: BookingRequest,
  eventOf: (facts: Facts) => PostageEvent,
): ReturnType<typeof postagePart.decide> {
  const facts = bookLines(view, { ...request, manager: postage }, context);
  if (isRefusal(facts)) return { kind: 'refused', refusal: facts };
  return { kind: 'decided', events: [eventOf(facts)] };
}

function charge(
  view: View,
  command: ChargeParcel,
  context: DecideContext,
): ReturnType<typeof postagePart.decide> {
  const { parcelId: id, owner, fee, currency, judged, deliveredAt = null } = command;
  if (parcelOf(view, id)) return refused(parcelExists, `There is a parcel ${id}.`);
  const parcel = { currency, deliveredAt, fee, id, isDelivered: false, owner };
  return booked(view, context, { lines: chargedLines(command), judged }, (facts) => ({
    type: 'ParcelCharged',
    data: { ...facts, parcel },
  }));
}

/** Each is booked on what the ones before it left. */
function* deliveries(
  view: View,
  { parcelIds }: DeliverParcels,
  context: DecideContext,
): Generator<PostageEvent> {
  const layered = new LayeredView(view);
  let index = 0;
  for (const id of parcelIds) {
    const parcel = parcelOf(view, id);
    if (parcel === undefined || parcel.isDelivered) continue;
    const { kind: _kind, ...facts } = parcel;
    const request = {
      lines: deliveredLines(parcel),
      judged: false,
      manager: postage,
      ...(parcel.deliveredAt !== null && { effectiveAt: parcel.deliveredAt }),
    };
    const booking = bookLines(layered, request, context, index);
    if (isRefusal(booking)) continue;
    const event = {
      type: 'ParcelDelivered' as const,
      data: { ...booking, parcel: { ...facts, isDelivered: true } },
    };
    layered.set(evolve(layered, event));
    index += 1;
    yield event;
  }
}

function answer({ stream, revision, events, dryRun }: AnswerRequest<PostageCommand, PostageEvent>): string {
  const data = events[0]?.data;
  const parcel = data !== undefined && 'parcel' in data ? data.parcel : {};
  const said = { object: 'parcel', ...parcel, position: `${streamOwner(stream)}@${revision}` };
  return JSON.stringify(dryRun ? { ...said, dry_run: true } : said);
}

function parcelOf(view: View, id: string): ParcelRecord | undefined {
  const record = view.get(parcelKey(id));
  return record?.kind === 'parcel' ? record : undefined;
}

/** Who has a balance may not spend more, when it is judged. */
const ofOwner: OpeningTerms = { type: 'liability', minBalance: 0n };
const ofUs: OpeningTerms = { type: 'liability' };

function paidIn({ owner, amount, currency }: PayIn): BookingLine[] {
  const from = { account: bankOf(currency), opens: { type: 'asset' } as const };
  return pair(from, { account: balanceOf(owner, currency), opens: ofOwner }, amount, currency);
}
function chargedLines({ owner, fee, currency }: ChargeParcel): BookingLine[] {
  const from = { account: balanceOf(owner, currency), opens: ofOwner };
  return pair(from, { account: transitOf(currency), opens: ofUs }, fee, currency);
}
function deliveredLines({ fee, currency }: ParcelFacts): BookingLine[] {
  const from = { account: transitOf(currency), opens: ofUs };
  return pair(from, { account: earnedOf(currency), opens: ofUs }, fee, currency);
}

type Side = Pick<BookingLine, 'account' | 'opens'>;

function pair(debited: Side, credited: Side, amount: string, currency: string): BookingLine[] {
  const both = { amount: BigInt(amount), currency };
  return [
    { ...debited, direction: 'debit', ...both },
    { ...credited, direction: 'credit', ...both },
  ];
}
