import { EventList, eventType, flag, object, orNull, text, time } from '@fintech-ledger/contract';
import type { EventsOf } from '@fintech-ledger/contract';
import { journalPrefix } from '@fintech-ledger/envelope';
import { bookingEvent } from '@fintech-ledger/ledger/domain';

/*
 * A module that no product has, in the journals of ledgers: parcels, and what is booked for them.
 */

/** The name of the module: the accounts below it are its own. */
export const postage = 'postage';
export const parcelKey = (id: string): string => `parcel:${id}`;

/** A parcel after an event. */
export interface ParcelFacts {
  readonly currency: string;
  /** RFC 3339; null: nobody says when. */
  readonly deliveredAt: string | null;
  /** Minor units. */
  readonly fee: string;
  readonly id: string;
  readonly isDelivered: boolean;
  readonly owner: string;
}
const parcel = object<ParcelFacts>({
  currency: text(),
  deliveredAt: orNull(time),
  fee: text(),
  id: text(),
  isDelivered: flag,
  owner: text(),
});

const paidIn = bookingEvent({
  name: 'PostagePaidIn',
  description: 'An owner of parcels paid in.',
  fields: { owner: text() },
  touches: () => [],
});
const charged = bookingEvent({
  name: 'ParcelCharged',
  description: 'A parcel is on its way, its owner paid for it.',
  fields: { parcel },
  touches: (data: { readonly parcel: ParcelFacts }) => [parcelKey(data.parcel.id)],
});
const delivered = bookingEvent({
  name: 'ParcelDelivered',
  description: 'A parcel was delivered, its fee was earned.',
  fields: { parcel },
  touches: (data: { readonly parcel: ParcelFacts }) => [parcelKey(data.parcel.id)],
});
/** What it calls an account is none of the ledger's. */
const labelled = eventType({
  name: 'ParcelLabelled',
  description: 'A parcel got a label. Nothing is booked.',
  schema: object<{ readonly account: string; readonly parcelId: string }>({
    account: text(),
    parcelId: text(),
  }),
  touches: () => [],
});

export const postageEvents = new EventList({ prefix: journalPrefix }, [paidIn, charged, delivered, labelled]);
export type PostageEvent = EventsOf<typeof postageEvents>;
