import { EventList, eventType, flag, object, oneOf, text, time, wholeNumber } from '@fintech-ledger/contract';
import type { EventsOf } from '@fintech-ledger/contract';
import { journalPrefix } from '@fintech-ledger/envelope';
import { bookingEvent } from '@fintech-ledger/ledger/domain';

/*
 * Another module that no product has, in the journals of ledgers: what it intends is done outside, by a carrier that
 * takes a parcel or does not.
 */

/** The name of the module: the accounts below it are its own. */
export const carrier = 'carrier';
export const callKey = (parcelId: string): string => `call:${parcelId}`;

/** A call to the carrier after an event. */
export interface CallFacts {
  /** When the carrier is asked if nothing is known until then. */
  readonly askAt: string;
  /** From 1. */
  readonly attempt: number;
  readonly currency: string;
  readonly isOpen: boolean;
  /** What the attempt does: the parcel is handed over, or it is asked what became of that. */
  readonly kind: 'hand_over' | 'ask';
  readonly parcelId: string;
}
const call = object<CallFacts>({
  askAt: time,
  attempt: wholeNumber({ minimum: 1 }),
  currency: text(),
  isOpen: flag,
  kind: oneOf('hand_over', 'ask'),
  parcelId: text(),
});
const ofCall = object<{ readonly call: CallFacts }>({ call });
const touches = ({ call: { parcelId } }: { readonly call: CallFacts }): readonly string[] => [
  callKey(parcelId),
];

const attempted = eventType({
  name: 'CarrierAttempted',
  description: 'The carrier is to take a parcel, or to be asked whether it has. Nothing is booked.',
  schema: ofCall,
  touches,
});
const refused = eventType({
  name: 'CarrierRefused',
  description: 'The carrier does not take the parcel. Nothing is booked.',
  schema: ofCall,
  touches,
});
const took = bookingEvent({
  name: 'CarrierTook',
  description: 'The carrier has the parcel, its price is owed.',
  fields: { call },
  touches,
});

export const carrierEvents = new EventList({ prefix: journalPrefix }, [attempted, refused, took]);
export type CarrierEvent = EventsOf<typeof carrierEvents>;
