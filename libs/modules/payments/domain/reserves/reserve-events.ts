import { flag, object, text, time, wholeNumber } from '@fintech-ledger/contract';
import type { EventOf } from '@fintech-ledger/contract';
import { bookingEvent, currency } from '@fintech-ledger/ledger/domain';
import { reserveKey } from '../records';

/** What of a connected account is held until one moment, in a currency. */
export interface ReserveFacts {
  readonly account: string;
  /** Minor units. */
  readonly amount: string;
  readonly currency: string;
  readonly livemode: boolean;
  readonly releaseOn: string;
}
/** The same, with what it follows from. */
export interface HeldReserve extends ReserveFacts {
  /** The captured amounts together of which it is a part. */
  readonly captured: string;
  readonly days: number;
  readonly rollingBps: number;
}

/** What is released. */
export interface ReleasedReserve extends ReserveFacts {
  /** What the account has pending then, so that clients are told of both. Minor units, which may be below zero. */
  readonly pending: string;
}

const units = text({ description: 'Minor units', pattern: '^[1-9][0-9]{0,35}$' });
const pending = text({
  description: 'What the account has pending then: minor units, which may be below zero',
  pattern: '^(?:0|-?[1-9][0-9]{0,35})$',
});
const fields = {
  account: text({ pattern: '^acct_[0-9A-Za-z]+$' }),
  amount: units,
  currency,
  livemode: flag,
  releaseOn: time,
};
const touches = ({ reserve: { account, currency: code, releaseOn } }: { readonly reserve: ReserveFacts }) => [
  reserveKey(account, code, releaseOn),
];

/** What the journal of a payments ledger says of rolling reserves. */
export const reserveEventTypes = [
  bookingEvent<'ReserveHeld', { readonly reserve: HeldReserve }>({
    name: 'ReserveHeld',
    description: 'A part of what becomes available of a connected account with the next event is held back.',
    fields: {
      reserve: object<HeldReserve>({
        ...fields,
        captured: units,
        days: wholeNumber({ minimum: 1, maximum: 365 }),
        rollingBps: wholeNumber({ minimum: 1, maximum: 10_000 }),
      }),
    },
    touches,
  }),
  bookingEvent<'ReserveReleased', { readonly reserve: ReleasedReserve }>({
    name: 'ReserveReleased',
    description: 'What was held of a connected account until a moment is available again.',
    fields: { reserve: object<ReleasedReserve>({ ...fields, pending }) },
    touches,
  }),
] as const;
export type ReserveEvent = EventOf<(typeof reserveEventTypes)[number]>;

const names = new Set<string>(reserveEventTypes.map(({ name }) => name));
export const isReserveEvent = (event: { readonly type: string }): event is ReserveEvent =>
  names.has(event.type);
