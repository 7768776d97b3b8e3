import { newestVersion } from '@fintech-ledger/contract';
import type { AnyEventType } from '@fintech-ledger/contract';
import type { BookedEntry, BookingFacts } from '@fintech-ledger/ledger/domain';
import { bucketOf } from '../chart';
import type { PaymentFacts } from '../facts';
import type { PaymentsView } from '../records';
import type { HeldReserve, ReserveFacts } from '../reserves/reserve-events';
import { delayDaysMax } from './schedule-facts';
import { daysAfter, midnightOf, nextMidnight } from './schedule-time';
import { withHold } from './young-holds';
import type { YoungMoneyRecord } from './young-record';
import { youngMoneyKey, youngMoneyOf } from './young-slots';

/*
 * `delay_days` count from the day of a payment, beside its settlement. What is available before they are over is young,
 * and waits. Which delay holds is known when a schedule is run, and not before: so it is kept for the longest one, of
 * who has no schedule, too. It is kept by the day of the payment and the first run at which it is available, so that a
 * refund takes from what its payment brought. What is held of it by a reserve is not there to wait. What is taken for
 * no payment changes nothing: it may come back, and is young then as it was.
 */

/** What an event that books says in addition. */
interface Booked extends Pick<BookingFacts, 'entries' | 'transaction'> {
  readonly payment?: PaymentFacts;
  readonly reserve?: ReserveFacts | HeldReserve;
}

/** Whose balance an event books on, in a currency. */
interface Touched {
  readonly owner: string;
  readonly currency: string;
}

function touchedBy(entries: readonly Pick<BookedEntry, 'account' | 'currency'>[]): readonly Touched[] {
  const touched = new Map<string, Touched>();
  for (const { account, currency } of entries) {
    const of = bucketOf(account);
    if (of?.bucket !== 'available' && of?.bucket !== 'pending') continue;
    touched.set(youngMoneyKey(of.owner, currency), { owner: of.owner, currency });
  }
  return [...touched.values()];
}

/** The types with what is young among what they touch, where they book something of a payment or a reserve. */
export function withYoungMoney<const T extends readonly AnyEventType[]>(types: T): T {
  return types.map((type) => {
    const properties = newestVersion(type).schema.json['properties'] as object;
    if (!('entries' in properties && ('payment' in properties || 'reserve' in properties))) return type;
    const touches = (data: object): readonly string[] => {
      const touched = touchedBy((data as Booked).entries);
      return [...type.touches(data), ...touched.map(({ owner, currency }) => youngMoneyKey(owner, currency))];
    };
    return { ...type, touches };
  }) as unknown as T;
}

interface YoungChange {
  readonly key: string;
  readonly record: YoungMoneyRecord;
}

/** What an event that books adds to what is young, or takes from it. */
export function youngChanges(view: PaymentsView, data: Booked): readonly YoungChange[] {
  if (data.payment === undefined && data.reserve === undefined) return [];
  return touchedBy(data.entries).flatMap((touched): readonly YoungChange[] => {
    const { owner, currency } = touched;
    const known = youngMoneyOf(view, owner, currency);
    const record = changed(known, touched, data);
    return record === known ? [] : [{ key: youngMoneyKey(owner, currency), record }];
  });
}

function changed(known: YoungMoneyRecord, of: Touched, data: Booked): YoungMoneyRecord {
  const { entries, payment, reserve, transaction } = data;
  const { effectiveAt } = transaction;
  // A hold comes before that of which it is a part.
  if (reserve !== undefined) return 'days' in reserve ? withHold(known, reserve, effectiveAt) : known;
  const today = midnightOf(effectiveAt);
  const slot = payment?.currency === of.currency ? slotOf(payment, today) : undefined;
  const more = slot === undefined ? 0n : moved(entries, of);
  return slot === undefined || more === 0n ? known : withMore(known, slot, more, today);
}

/** What is young of a day, as long as any delay may hold it. */
const mayWait = (day: string, today: string): boolean => daysAfter(day, delayDaysMax) > today;

/** Undefined: it is available no sooner than it may be paid out by any schedule. */
function slotOf({ availableOn, createdAt }: PaymentFacts, today: string): string | undefined {
  if (availableOn === null || !mayWait(createdAt, today)) return undefined;
  const from = nextMidnight(availableOn);
  return mayWait(createdAt, from) ? `${midnightOf(createdAt)} ${from}` : undefined;
}

/** Days that are over are let go with the first money of another one: there are no more than the longest delay has. */
function withMore(known: YoungMoneyRecord, slot: string, more: bigint, today: string): YoungMoneyRecord {
  const before = known.slots[slot];
  if (before !== undefined)
    return { ...known, slots: { ...known.slots, [slot]: String(BigInt(before) + more) } };
  const waiting = Object.entries(known.slots).filter(([each]) => mayWait(each.split(' ')[0] ?? '', today));
  return { ...known, slots: { ...Object.fromEntries(waiting), [slot]: String(more) } };
}

function moved(entries: Booked['entries'], { owner, currency }: Touched): bigint {
  let sum = 0n;
  for (const { account, amount, currency: unit, direction } of entries) {
    const of = bucketOf(account);
    if (of?.owner !== owner || unit !== currency) continue;
    if (of.bucket !== 'available' && of.bucket !== 'pending') continue;
    sum += direction === 'credit' ? BigInt(amount) : -BigInt(amount);
  }
  return sum;
}
