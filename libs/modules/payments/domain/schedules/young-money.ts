import type { AnyEventType } from '@fintech-ledger/contract';
import type { BookingFacts } from '@fintech-ledger/ledger/domain';
import { bucketOf, platformOwner } from '../chart';
import { partiesOf } from '../charges/charge';
import type { PaymentFacts } from '../facts';
import type { PaymentsView, PayoutScheduleRecord } from '../records';
import type { TransferFacts } from '../transfers/transfer-facts';
import { newestVersion } from '../wider-versions';
import { delayDaysMax } from './schedule-facts';
import { daysAfter, midnightOf, nextMidnight } from './schedule-time';
import type { YoungMoneyRecord, YoungSlots } from './young-record';
import { youngMoneyKey, youngSlotsOf } from './young-slots';

/*
 * `delay_days` count from the day of a payment, beside its settlement. What is available before they are over is young,
 * and waits. Which delay holds is known when a schedule is run, and not before: so it is kept for the longest one, of
 * who has no schedule, too. It is kept by the day of the payment and the first run at which it is available, so that a
 * refund takes from what its payment brought.
 */

interface OfPayment {
  readonly payment: PaymentFacts;
  /** That it made, or of which it is the source. */
  readonly transfer?: Pick<TransferFacts, 'destination'>;
}
type Booked = OfPayment & Pick<BookingFacts, 'entries' | 'transaction'>;

/** Of whom what an event books of a payment may be young. */
function ownersIn({ payment, transfer }: OfPayment): readonly string[] {
  const destination = transfer === undefined ? [] : [transfer.destination];
  return [...new Set([platformOwner, ...partiesOf(payment), ...destination])];
}

/** The types with what is young among what they touch, wherever they book of a payment. */
export function withYoungMoney<const T extends readonly AnyEventType[]>(types: T): T {
  return types.map((type) => {
    const properties = newestVersion(type).schema.json['properties'] as object;
    if (!('payment' in properties && 'entries' in properties)) return type;
    const touches = (data: object): readonly string[] => {
      const of = data as OfPayment;
      return [
        ...type.touches(data),
        ...ownersIn(of).map((owner) => youngMoneyKey(owner, of.payment.currency)),
      ];
    };
    return { ...type, touches };
  }) as unknown as T;
}

/** What an event of a payment adds to what is young, or takes from it. */
export function youngChanges(
  view: PaymentsView,
  data: Booked,
): readonly { readonly key: string; readonly record: YoungMoneyRecord }[] {
  const { entries, payment, transaction } = data;
  const today = midnightOf(transaction.effectiveAt);
  const slot = slotOf(payment, today);
  if (slot === undefined) return [];
  return ownersIn(data).flatMap((owner) => {
    const more = moved(entries, owner);
    if (more === 0n) return [];
    const slots = withMore(youngSlotsOf(view, owner, payment.currency), slot, more, today);
    return [{ key: youngMoneyKey(owner, payment.currency), record: { kind: 'youngMoney', slots } as const }];
  });
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
function withMore(known: YoungSlots, slot: string, more: bigint, today: string): YoungSlots {
  const before = known[slot];
  if (before !== undefined) return { ...known, [slot]: String(BigInt(before) + more) };
  const waiting = Object.entries(known).filter(([each]) => mayWait(each.split(' ')[0] ?? '', today));
  return { ...Object.fromEntries(waiting), [slot]: String(more) };
}

function moved(entries: Booked['entries'], owner: string): bigint {
  let sum = 0n;
  for (const { account, amount, direction } of entries) {
    const of = bucketOf(account);
    if (of?.owner !== owner || (of.bucket !== 'available' && of.bucket !== 'pending')) continue;
    sum += direction === 'credit' ? BigInt(amount) : -BigInt(amount);
  }
  return sum;
}

/** What of a currency is available and must wait still. @param at when the schedule is run, 00:00 UTC */
export function youngOf(
  view: PaymentsView,
  { schedule, young: keptBefore }: PayoutScheduleRecord,
  currency: string,
  at: string,
): bigint {
  const slots = new Map<string, bigint>();
  const add = (slot: string, amount: string): void => {
    slots.set(slot, (slots.get(slot) ?? 0n) + BigInt(amount));
  };
  for (const [slot, amount] of Object.entries(youngSlotsOf(view, schedule.owner, currency)))
    add(slot, amount);
  for (const [key, amount] of Object.entries(keptBefore))
    if (key.startsWith(`${currency} `)) add(key.slice(currency.length + 1), amount);
  let sum = 0n;
  for (const [slot, amount] of slots) {
    const [day = '', from = ''] = slot.split(' ');
    const waits = from <= at && daysAfter(day, schedule.delayDays) > at;
    if (waits && amount > 0n) sum += amount;
  }
  return sum;
}

/** What a schedule has kept with it that is still young after a run. */
export function stillYoung(
  { schedule, young }: PayoutScheduleRecord,
  at: string,
): PayoutScheduleRecord['young'] {
  const all = Object.entries(young);
  return Object.fromEntries(
    all.filter(([slot]) => daysAfter(slot.split(' ')[1] ?? '', schedule.delayDays) > at),
  );
}
