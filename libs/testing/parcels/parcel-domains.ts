import type { DomainEvent, JournalDomain } from '@fintech-ledger/journal';
import { olderParcelEvents, parcelEvents, parcelKey } from './parcel-events';
import type { OlderParcelEvent, ParcelEvent } from './parcel-events';

export interface SendParcel {
  readonly parcelId: string;
  readonly grams: number;
}
export interface ParcelRecord {
  readonly kind: 'parcel';
  readonly id: string;
  readonly grams: number;
}

type ParcelDomain<E extends DomainEvent> = JournalDomain<SendParcel, E, ParcelRecord>;

function domainOf<E extends DomainEvent>(
  events: ParcelDomain<E>['events'],
  sent: (command: SendParcel) => E,
  recordOf: (event: E) => ParcelRecord,
): ParcelDomain<E> {
  return {
    events,
    reads: ({ parcelId }) => [parcelKey(parcelId)],
    decide: (_view, command) => ({ kind: 'decided', events: [sent(command)] }),
    evolve(_view, event) {
      const record = recordOf(event);
      return [{ key: parcelKey(record.id), record }];
    },
    revisionOf: () => undefined,
    recordFrom: () => undefined,
    encode: (record) => ({ text: JSON.stringify(record) }),
    decode: (_key, record) => JSON.parse(record) as ParcelRecord,
    dueAt: () => undefined,
    answer: ({ events: [event] }) => JSON.stringify(event === undefined ? null : recordOf(event)),
  };
}

/** The module in its first version. */
export const olderParcelDomain = domainOf<OlderParcelEvent>(
  olderParcelEvents,
  ({ parcelId, grams }) => ({ type: 'ParcelSent', data: { kilograms: grams / 1_000, parcelId } }),
  ({ data }) => ({ kind: 'parcel', id: data.parcelId, grams: data.kilograms * 1_000 }),
);
export const parcelDomain = domainOf<ParcelEvent>(
  parcelEvents,
  ({ parcelId, grams }) => ({ type: 'ParcelSent', data: { grams, parcelId, service: 'express' } }),
  ({ data }) => ({ kind: 'parcel', id: data.parcelId, grams: data.grams }),
);
