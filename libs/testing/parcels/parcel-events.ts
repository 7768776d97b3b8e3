import { EventList, eventType, nextVersion, object, text, wholeNumber } from '@fintech-ledger/contract';
import type { EventsOf } from '@fintech-ledger/contract';

/*
 * A module that no product has: its one event type has two versions. What was recorded in the first one is in `golden`,
 * and is read for ever.
 */

export const parcelKey = (id: string): string => `parcel:${id}`;

interface SentInKilograms {
  readonly kilograms: number;
  readonly parcelId: string;
}
interface Sent {
  readonly grams: number;
  readonly parcelId: string;
  /** Unknown in the first version. */
  readonly service: string;
}

const inKilograms = eventType({
  name: 'ParcelSent',
  description: 'A parcel was sent.',
  schema: object<SentInKilograms>({ kilograms: wholeNumber({ minimum: 1 }), parcelId: text() }),
  touches: ({ parcelId }) => [parcelKey(parcelId)],
});
const parcelSent = nextVersion(inKilograms, {
  description: 'A parcel was sent by a service.',
  schema: object<Sent>({ grams: wholeNumber({ minimum: 1 }), parcelId: text(), service: text() }),
  upcast: ({ kilograms, parcelId }) => ({ grams: kilograms * 1_000, parcelId, service: 'standard' }),
  touches: ({ parcelId }) => [parcelKey(parcelId)],
});

/** As the module was before its second version. */
export const olderParcelEvents = new EventList({ prefix: 'parcels-' }, [inKilograms]);
export const parcelEvents = new EventList({ prefix: 'parcels-' }, [parcelSent]);
export type OlderParcelEvent = EventsOf<typeof olderParcelEvents>;
export type ParcelEvent = EventsOf<typeof parcelEvents>;
