import type { AnyEventType } from '@fintech-ledger/contract';
import type { BookingFacts } from '@fintech-ledger/ledger/domain';
import { bucketOf, platformOwner } from '../chart';
import { partiesOf } from '../charges/charge';
import type { PaymentFacts } from '../facts';
import { payoutScheduleKey, scheduleRecordOf } from '../records';
import type { PaymentsView, PayoutScheduleRecord } from '../records';
import type { TransferFacts } from '../transfers/transfer-facts';
import { newestVersion } from '../wider-versions';
import { daysAfter, midnightOf, nextMidnight } from './schedule-time';

/*
 * `delay_days` count from the day of a payment, beside its settlement. What is available before they are over is young,
 * and waits. It is kept by the day of the payment and the first run at which it is available, so that a refund takes
 * from what its payment brought.
 */

interface OfPayment {
  readonly payment: PaymentFacts;
  /** That it made, or of which it is the source. */
  readonly transfer?: Pick<TransferFacts, 'destination'>;
}
interface Booked extends OfPayment {
  readonly entries: BookingFacts['entries'];
}

/** For whose schedules what an event books of a payment may be young. */
function ownersIn({ payment, transfer }: OfPayment): readonly string[] {
  const destination = transfer === undefined ? [] : [transfer.destination];
  return [...new Set([platformOwner, ...partiesOf(payment), ...destination])];
}

/** The types with the schedules among what they touch, wherever they book of a payment. */
export function withYoungMoney<const T extends readonly AnyEventType[]>(types: T): T {
  return types.map((type) => {
    const properties = newestVersion(type).schema.json['properties'] as object;
    if (!('payment' in properties && 'entries' in properties)) return type;
    const touches = (data: object): readonly string[] => [
      ...type.touches(data),
      ...ownersIn(data as OfPayment).map(payoutScheduleKey),
    ];
    return { ...type, touches };
  }) as unknown as T;
}

/** What an event of a payment adds to what is young, or takes from it. */
export function youngChanges(
  view: PaymentsView,
  data: Booked,
): readonly { readonly key: string; readonly record: PayoutScheduleRecord }[] {
  const { entries, payment } = data;
  return ownersIn(data).flatMap((owner) => {
    const known = scheduleRecordOf(view, owner);
    const slot = known && slotOf(known, payment);
    const more = slot === undefined ? 0n : moved(entries, owner);
    if (known === undefined || slot === undefined || more === 0n) return [];
    const amount = String(BigInt(known.young[slot] ?? '0') + more);
    const record = { ...known, young: { ...known.young, [slot]: amount } };
    return [{ key: payoutScheduleKey(owner), record }];
  });
}

/** Undefined: it is available no sooner than it may be paid out. */
function slotOf({ schedule }: PayoutScheduleRecord, payment: PaymentFacts): string | undefined {
  const { availableOn, createdAt, currency } = payment;
  if (schedule.interval === 'manual' || availableOn === null) return undefined;
  const from = nextMidnight(availableOn);
  if (from >= daysAfter(createdAt, schedule.delayDays)) return undefined;
  return `${currency} ${midnightOf(createdAt)} ${from}`;
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
export function youngOf({ schedule, young }: PayoutScheduleRecord, currency: string, at: string): bigint {
  let sum = 0n;
  for (const [slot, text] of Object.entries(young)) {
    const [of, day = '', from = ''] = slot.split(' ');
    const waits = of === currency && from <= at && daysAfter(day, schedule.delayDays) > at;
    if (waits && BigInt(text) > 0n) sum += BigInt(text);
  }
  return sum;
}

/** What is still young after a run. */
export function stillYoung(
  { schedule, young }: PayoutScheduleRecord,
  at: string,
): PayoutScheduleRecord['young'] {
  const all = Object.entries(young);
  return Object.fromEntries(
    all.filter(([slot]) => daysAfter(slot.split(' ')[1] ?? '', schedule.delayDays) > at),
  );
}
