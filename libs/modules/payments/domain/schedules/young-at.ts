import type { PaymentsView, PayoutScheduleRecord } from '../records';
import { daysAfter } from './schedule-time';
import { heldAt } from './young-holds';
import { youngMoneyOf } from './young-slots';

/**
 * What of a currency is available and must wait still. What is held of what became available with it does not wait: of
 * each day that became available together the same part is held.
 * @param at when the schedule is run, 00:00 UTC
 */
export function youngOf(
  view: PaymentsView,
  { schedule, young: keptBefore }: PayoutScheduleRecord,
  currency: string,
  at: string,
): bigint {
  const { held, slots: known } = youngMoneyOf(view, schedule.owner, currency);
  const slots = new Map<string, bigint>();
  const add = (slot: string, amount: string): void => {
    slots.set(slot, (slots.get(slot) ?? 0n) + BigInt(amount));
  };
  for (const [slot, amount] of Object.entries(known)) add(slot, amount);
  for (const [key, amount] of Object.entries(keptBefore))
    if (key.startsWith(`${currency} `)) add(key.slice(currency.length + 1), amount);
  const whole = new Map<string, bigint>();
  const waiting = new Map<string, bigint>();
  for (const [slot, amount] of slots) {
    const [day = '', from = ''] = slot.split(' ');
    if (from > at || amount <= 0n) continue;
    whole.set(from, (whole.get(from) ?? 0n) + amount);
    if (daysAfter(day, schedule.delayDays) > at) waiting.set(from, (waiting.get(from) ?? 0n) + amount);
  }
  const heldOf = heldAt(held, at);
  let sum = 0n;
  for (const [from, amount] of waiting) {
    const notThere = ((heldOf.get(from) ?? 0n) * amount) / (whole.get(from) ?? amount);
    if (notThere < amount) sum += amount - notThere;
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
