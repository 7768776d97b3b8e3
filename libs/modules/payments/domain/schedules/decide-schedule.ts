import { refused } from '@fintech-ledger/contract';
import { accountOf, allCurrencies, readsOfLines } from '@fintech-ledger/ledger/domain';
import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { bankAccountsKey } from '../bank-transfers';
import { accountsOfPayout } from '../bookings';
import { bankTransferRail, ownerAccount, platformOwner } from '../chart';
import { connectedAccountKey } from '../connected-accounts';
import { availableOf, decided } from '../decision';
import type { DecisionOf } from '../decision';
import type { PaymentEvent } from '../events';
import { newPayout, nextDay, whereTo } from '../make-payout';
import { byBankMax } from '../payout-destinations';
import { currenciesOf, ownerKey, payoutBatchesKey, payoutScheduleKey, scheduleRecordOf } from '../records';
import type { PaymentsView, PayoutScheduleRecord } from '../records';
import type { SetPayoutSchedule } from './schedule-commands';
import type { ScheduleEvent } from './schedule-events';
import type { PayoutSchedule } from './schedule-facts';
import { payoutScheduleInvalid } from './schedule-refusals';
import { midnightOf, nextRun } from './schedule-time';
import { youngOf } from './young-at';
import { youngMoneyKey } from './young-slots';

type View = PaymentsView & SharedView;

export function scheduleRefusal(
  { interval, monthlyAnchor, weeklyAnchor }: PayoutSchedule,
  at = '/payout_schedule',
) {
  if (weeklyAnchor !== null && interval !== 'weekly')
    return refused(
      payoutScheduleInvalid,
      `A ${interval} schedule has no day of the week.`,
      `${at}/weekly_anchor`,
    );
  if (monthlyAnchor !== null && interval !== 'monthly')
    return refused(
      payoutScheduleInvalid,
      `A ${interval} schedule has no day of the month.`,
      `${at}/monthly_anchor`,
    );
  return undefined;
}

export function setPayoutSchedule(
  view: PaymentsView,
  { livemode, schedule }: SetPayoutSchedule,
  { now }: DecideContext,
): DecisionOf<'SetPayoutSchedule'> {
  const wrong = scheduleRefusal(schedule, '');
  if (wrong !== undefined) return wrong;
  const events = scheduleEvents(view, { livemode, owner: platformOwner }, schedule, now);
  if (events.length > 0) return decided(...events);
  const known = scheduleRecordOf(view, platformOwner)?.schedule;
  const shown = known ?? { ...schedule, livemode, nextAt: null, owner: platformOwner };
  return {
    kind: 'decided',
    events: [],
    answeredAs: [{ type: 'PayoutScheduleSet', data: { schedule: shown } }],
  };
}

/** The event from which on an owner is paid out by a schedule; none: it is paid out so already. */
export function scheduleEvents(
  view: PaymentsView,
  of: { readonly livemode: boolean; readonly owner: string },
  schedule: PayoutSchedule,
  now: string,
): readonly ScheduleEvent[] {
  const known = scheduleRecordOf(view, of.owner)?.schedule;
  if (known === undefined && schedule.interval === 'manual') return [];
  const isSame =
    known !== undefined &&
    known.delayDays === schedule.delayDays &&
    known.interval === schedule.interval &&
    known.minimumAmount === schedule.minimumAmount &&
    known.monthlyAnchor === schedule.monthlyAnchor &&
    known.weeklyAnchor === schedule.weeklyAnchor;
  if (isSame) return [];
  const { delayDays, interval, minimumAmount, monthlyAnchor, weeklyAnchor } = schedule;
  const facts = { delayDays, interval, minimumAmount, monthlyAnchor, weeklyAnchor };
  return [
    { type: 'PayoutScheduleSet', data: { schedule: { ...facts, ...of, nextAt: nextRun(schedule, now) } } },
  ];
}

/**
 * What is due of a schedule: payouts in each currency of which something may be paid out, then its next run. After a
 * time in which nobody acted it is run once.
 * @param view with each event before the next one is taken: a payout may be in several parts
 * @param index of its first event in the decision
 */
export function* dueOfSchedule(
  view: View,
  record: PayoutScheduleRecord,
  context: DecideContext,
  index: number,
): Generator<PaymentEvent> {
  const { schedule } = record;
  const { now } = context;
  if (schedule.nextAt === null || schedule.nextAt > now) return;
  const ranAt = midnightOf(now);
  const ran = { ...schedule, nextAt: nextRun(schedule, now) };
  for (const [number, payable] of payableOf(view, record, ranAt).entries()) {
    const payout = {
      ...{ ...payable, description: null, livemode: schedule.livemode, metadata: {} },
      isAutomatic: true,
      // The file of this day may be made already: what goes by bank goes with the next one.
      sendsAt: payable.rail === bankTransferRail ? nextDay(now) : now,
      ...(schedule.owner !== platformOwner && { actsAs: schedule.owner }),
    } as const;
    yield newPayout(view, payout, context, index + number);
  }
  yield { type: 'PayoutScheduleRan', data: { ranAt: now, schedule: ran } };
}

interface Payable {
  readonly amount: string;
  readonly bankAccount: string;
  readonly rail: string;
  readonly currency: string;
}
function payableOf(view: View, record: PayoutScheduleRecord, at: string): readonly Payable[] {
  const { livemode, minimumAmount, owner } = record.schedule;
  const acting = owner === platformOwner ? {} : { actsAs: owner };
  const least = BigInt(minimumAmount ?? '1');
  return candidatesOf(view, owner).flatMap((currency) => {
    const available = availableOf(view, owner, currency);
    if (available < least) return [];
    const payable = available - youngOf(view, record, currency, at);
    if (payable < least) return [];
    const [first = 0n] = partsByBank(payable);
    const where = whereTo(view, { ...acting, amount: String(first), bankAccount: null, currency, livemode });
    // Who may not be paid out waits for the next run.
    if ('refusal' in where) return [];
    const parts = where.rail === bankTransferRail ? partsByBank(payable) : [payable];
    return parts.map((part) => ({ amount: String(part), currency, ...where }));
  });
}

/** Payouts of one currency that a run makes at most; what is more waits for the next one. */
const partsMax = 10;

/** What banks are told of an amount: no transfer is of more than they take. */
function partsByBank(amount: bigint): readonly bigint[] {
  const parts: bigint[] = [];
  for (let left = amount; left > 0n && parts.length < partsMax; left -= byBankMax)
    parts.push(left < byBankMax ? left : byBankMax);
  return parts;
}

/** In which currencies an owner may have something. */
const candidatesOf = (view: PaymentsView, owner: string): readonly string[] =>
  owner === platformOwner
    ? allCurrencies().flatMap(({ code, exponent }) => (exponent === null ? [] : [code]))
    : currenciesOf(view, owner);

/** Keys of the records that running a schedule reads, as far as the view tells. */
export function scheduleReads(view: View, { schedule: { owner } }: PayoutScheduleRecord): readonly string[] {
  const isPlatform = owner === platformOwner;
  const party = isPlatform ? [] : [connectedAccountKey(owner), ownerKey(owner)];
  const connectedAccount = isPlatform ? {} : { connectedAccount: owner };
  const keys = candidatesOf(view, owner).flatMap((currency) => {
    const own = (['available', 'pending'] as const).map((bucket) => ownerAccount(owner, bucket, currency));
    // What is pending may become available by an event of the same decision.
    const isUsed = own.some(({ account }) => accountOf(view, account) !== undefined);
    if (!isUsed) return readsOfLines(own);
    const booked = readsOfLines([...own, ...accountsOfPayout({ currency, ...connectedAccount })]);
    return [payoutBatchesKey(currency), youngMoneyKey(owner, currency), ...booked];
  });
  return [payoutScheduleKey(owner), bankAccountsKey, ...party, ...keys];
}
