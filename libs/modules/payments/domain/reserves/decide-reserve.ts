import type { BookingFacts, DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { accountOf, evolve, LayeredView, postedBalance, readsOfLines } from '@fintech-ledger/ledger/domain';
import { bucketOf, ownerAccount } from '../chart';
import { connectedAccountKey, connectedPartyOf } from '../connected-accounts';
import { booked } from '../decision';
import type { PaymentEvent } from '../events';
import type { PaymentFacts } from '../facts';
import { reserveKey } from '../records';
import type { PaymentsView, ReserveRecord } from '../records';
import { heldLines, releasedLines } from './reserve-bookings';
import type { HeldReserve } from './reserve-events';

/*
 * Rolling reserves: of what payments captured for a connected account a part is held when it becomes available, and
 * released days later. The part is rounded down, once for all that becomes available together.
 */

const dayMs = 86_400_000;
const daysLater = (from: string, days: number): string =>
  new Date(Date.parse(from) + days * dayMs).toISOString();

/** What becomes available of an account. */
export interface Becoming {
  readonly account: string;
  readonly availableOn: string;
  /** Of which a part is held: minor units. */
  readonly captured: bigint;
  readonly currency: string;
}

/**
 * What a capture brings an account, of which a part is held: all of its own payment, of the platform's what it gets of
 * that. Fees do not shorten it.
 */
export function capturedOf(
  { amountCaptured, connectedAccount }: PaymentFacts,
  entries: BookingFacts['entries'],
  account: string,
): bigint {
  if (connectedAccount === account) return BigInt(amountCaptured);
  let sum = 0n;
  for (const entry of entries) {
    const of = bucketOf(entry.account);
    if (of?.owner === account && of.bucket !== 'reserved' && entry.direction === 'credit')
      sum += BigInt(entry.amount);
  }
  return sum;
}

/** What is held of it by the reserve that the account has now; undefined: nothing, as of one that is closed. */
function reserveFor(view: PaymentsView, { account, availableOn, captured, currency }: Becoming) {
  const party = connectedPartyOf(view, account);
  const reserve = party?.reserve ?? null;
  if (party === undefined || reserve === null || party.status === 'closed') return undefined;
  const { days, rollingBps } = reserve;
  const amount = (captured * BigInt(rollingBps)) / 10_000n;
  if (amount <= 0n) return undefined;
  const held: HeldReserve = {
    ...{ account, amount: String(amount), captured: String(captured), currency, days },
    ...{ livemode: party.livemode, releaseOn: daysLater(availableOn, days), rollingBps },
  };
  return held;
}

/**
 * What is held of it, and then the event with which it becomes available: the last event is what answers tell, and what
 * clients are told of the balance is what they may be paid out.
 * @param view whose bookings the holds are made on @param then makes that event @param index of the first event
 */
export function heldBefore<E extends PaymentEvent>(
  view: PaymentsView & SharedView,
  becoming: readonly Becoming[],
  then: (view: SharedView, index: number) => E,
  context: DecideContext,
  index: number,
): readonly PaymentEvent[] {
  const layered = new LayeredView(view);
  const events: PaymentEvent[] = [];
  for (const each of becoming) {
    const reserve = reserveFor(view, each);
    if (reserve === undefined) continue;
    const why = `Reserve of ${reserve.account}`;
    const facts = booked(layered, heldLines(reserve), why, context, index + events.length);
    const event = { type: 'ReserveHeld', data: { ...facts, reserve } } as const;
    layered.set(evolve(layered, event as unknown as Parameters<typeof evolve>[1]));
    events.push(event);
  }
  return [...events, then(layered, index + events.length)];
}

/** What is due of a reserve; undefined: nothing is held, or it is too early. */
export function dueOfReserve(
  view: SharedView,
  { account, amount, currency, livemode, releaseOn }: ReserveRecord,
  context: DecideContext,
  index: number,
): PaymentEvent | undefined {
  if (amount === '0' || releaseOn > context.now) return undefined;
  const of = accountOf(view, ownerAccount(account, 'pending', currency).account);
  const pending = String(of === undefined ? 0n : postedBalance(of.type, of));
  const reserve = { account, amount, currency, livemode, pending, releaseOn };
  const facts = booked(view, releasedLines(reserve), `Release of the reserve of ${account}`, context, index);
  return { type: 'ReserveReleased', data: { ...facts, reserve } };
}

const accountsOf = (account: string, currency: string) =>
  readsOfLines(
    (['available', 'pending', 'reserved'] as const).map((bucket) => ownerAccount(account, bucket, currency)),
  );
/** What releasing a reserve reads. */
export const releaseReads = ({ account, currency }: ReserveRecord): readonly string[] =>
  accountsOf(account, currency);

/** What holding reads of what becomes available, as far as the view tells. */
export function reserveReads(
  view: PaymentsView,
  accounts: readonly string[],
  currency: string,
  availableOn: string | null,
): readonly string[] {
  return accounts.flatMap((account) => {
    const reserve = connectedPartyOf(view, account)?.reserve ?? null;
    const keys = [connectedAccountKey(account)];
    if (reserve === null || availableOn === null) return keys;
    const key = reserveKey(account, currency, daysLater(availableOn, reserve.days));
    return [...keys, key, ...accountsOf(account, currency)];
  });
}
