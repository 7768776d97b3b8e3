import type { BookedEntry, SharedView } from '@fintech-ledger/ledger/domain';
import { accountOf, postedBalance } from '@fintech-ledger/ledger/domain';
import { ownerAccount } from '../chart';
import type { Bucket } from '../chart';
import { nextMidnight } from './schedule-time';
import { heldAt, withLessHeld } from './young-holds';
import type { YoungMoneyRecord } from './young-record';

interface Owned {
  readonly owner: string;
  readonly currency: string;
}

/** What an owner has after an event, available or pending. */
export function leftAfter(view: SharedView, entries: readonly BookedEntry[], of: Owned): bigint {
  return balanceAfter(view, entries, of, 'available') + balanceAfter(view, entries, of, 'pending');
}

function balanceAfter(
  view: SharedView,
  entries: readonly BookedEntry[],
  { owner, currency }: Owned,
  bucket: Bucket,
): bigint {
  const { account } = ownerAccount(owner, bucket, currency);
  const entry = entries.findLast((each) => each.account === account);
  if (entry !== undefined) return BigInt(entry.after.postedCredits) - BigInt(entry.after.postedDebits);
  const known = accountOf(view, account);
  return known === undefined ? 0n : postedBalance(known.type, known);
}

/**
 * What is young is no more than there is: what was taken for no payment was the oldest money, of what is available
 * first, and then that of the oldest payments. Otherwise money that is gone would hold back what comes later.
 * @param left that there is
 */
export function withoutTaken(known: YoungMoneyRecord, left: bigint, at: string): YoungMoneyRecord {
  const held = heldAt(known.held, at);
  const whole = new Map<string, bigint>();
  const slots = Object.entries(known.slots).flatMap(([slot, text]) => {
    const amount = BigInt(text);
    const [day = '', from = ''] = slot.split(' ');
    if (amount <= 0n) return [];
    whole.set(from, (whole.get(from) ?? 0n) + amount);
    return [{ amount, day, from, slot }];
  });
  let gone = left < 0n ? 0n : -left;
  for (const [from, amount] of whole) gone += positive(amount - (held.get(from) ?? 0n));
  if (gone <= 0n) return known;
  const soon = nextMidnight(at);
  const rank = ({ day, from }: (typeof slots)[number]): string => `${from > soon ? 1 : 0} ${day} ${from}`;
  slots.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  let record = known;
  for (const { amount, from, slot } of slots) {
    if (gone <= 0n) break;
    const all = whole.get(from) ?? amount;
    const ofHold = ((held.get(from) ?? 0n) * amount) / all;
    const free = positive(amount - ofHold);
    const taken = gone < free ? gone : free;
    // A part of the payment with the same part of what is held of it.
    const lessHeld = free === 0n ? ofHold : (ofHold * taken) / free;
    record = less(record, { slot, from, taken, lessHeld, at });
    gone -= taken;
  }
  return record;
}

interface Less {
  readonly slot: string;
  readonly from: string;
  readonly taken: bigint;
  readonly lessHeld: bigint;
  readonly at: string;
}
function less(known: YoungMoneyRecord, { slot, from, taken, lessHeld, at }: Less): YoungMoneyRecord {
  const rest = BigInt(known.slots[slot] ?? '0') - taken - lessHeld;
  const { [slot]: _, ...others } = known.slots;
  const slots = rest > 0n ? { ...known.slots, [slot]: String(rest) } : others;
  if (known.held === undefined || lessHeld === 0n) return { ...known, slots };
  return { ...known, slots, held: withLessHeld(known.held, from, lessHeld, at) };
}

const positive = (amount: bigint): bigint => (amount > 0n ? amount : 0n);
