import { object, text, textOrNull, time, wholeNumber } from '@fintech-ledger/contract';
import { currency } from '@fintech-ledger/ledger/domain';
import type { PayoutCall } from '../payout-facts';
import { railCallFields } from '../rail-call-fields';

/**
 * The reading of what a rail reports of a time, a page at a time: each page is a question of its own to the rail, and
 * what differs in it is booked with the event that says where the next one begins.
 */
export interface FeeReportFacts {
  /** How many fees of it were adjusted so far. */
  readonly adjusted: number;
  /** The question for the page that is read next, or was read last. */
  readonly call: PayoutCall;
  readonly currency: string;
  /** Where the page begins, as the rail said it with the page before; null: it is the first one. */
  readonly cursor: string | null;
  /** What settles from then on; inclusive. */
  readonly from: string;
  readonly id: string;
  /** How many lines of it were read so far. */
  readonly lines: number;
  /** Which page the question is for, from 1. */
  readonly page: number;
  readonly rail: string;
  /** Exclusive: 00:00 UTC of the day on which it is read. */
  readonly to: string;
}

export const feeReport = object<FeeReportFacts>({
  adjusted: wholeNumber({ minimum: 0 }),
  call: object<PayoutCall>(railCallFields('By which what the rail says to it is recorded once')),
  currency,
  cursor: textOrNull({ description: 'Where the page begins, as the rail said it' }),
  from: time,
  id: text({ pattern: '^frp_[0-9A-Za-z_-]+$' }),
  lines: wholeNumber({ minimum: 0 }),
  page: wholeNumber({ minimum: 1 }),
  rail: text(),
  to: time,
});

/** From the first one to the last one, both inclusive. */
export interface UnreadDays {
  readonly first: string;
  readonly last: string;
  /** The day on which the first of it was heard of, where that is later: it is read when that day is over. */
  readonly notedOn?: string;
}
/** Until when the reports of a rail in a currency are read, and which days are not. */
export interface FeeReportRecord {
  readonly kind: 'feeReport';
  readonly currency: string;
  readonly rail: string;
  /** The latest one; null: none was read. */
  readonly report: FeeReportFacts | null;
  /** The days, 00:00 UTC, on which the rail has settled or taken what is not read; null: there are none. */
  readonly unread: UnreadDays | null;
}
