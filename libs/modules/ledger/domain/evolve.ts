import { BrokenInvariant } from '@fintech-ledger/contract';
import { accountKey, accountOf, accountWith } from './account';
import type { AccountRecord, AccountTerms } from './account';
import { amended } from './amendment';
import type { Amendment } from './amendment';
import { applyEntry, imbalance } from './booking';
import type { BookedFact, JournalFact } from './events';
import type { BookedEntry, EntryEffect, TransactionSnapshot } from './transaction';
import { amendmentOf, beginsTransaction, changesAccount, closesPeriod, movesMoney } from './events';
import { closedThrough, periodKey } from './period';
import type { PeriodFacts } from './period';
import { referenceKey, transactionKey, transactionOf } from './records';
import type { LedgerView, RecordChange } from './records';
import { firstSnapshot } from './transaction';

/**
 * The records of the ledger that an event changes, of whichever module it is. Pure; the view is not changed.
 * A plain posted transaction leaves no record: its event says all of it (see `snapshotOf`).
 * @throws BrokenInvariant when the entries don't balance, or the totals they carry are not what the state gives
 */
export function evolve(view: LedgerView, event: JournalFact): readonly RecordChange[] {
  if (changesAccount(event)) return [evolveAccount(view, event.data.account, event.data.version)];
  if (closesPeriod(event)) return [evolvePeriod(view, event.data)];
  if (!movesMoney(event)) return [];
  assertBalanced(event);
  const changes = evolveAccounts(view, event.data);
  const amendment = amendmentOf(event);
  if (amendment) changes.push(transactionChange(amendment.whole ?? amendedIn(view, amendment)));
  if (!beginsTransaction(event)) return changes;
  const { entries, transaction } = event.data;
  if (isHeld(entries)) changes.push(transactionChange(firstSnapshot(transaction, entries)));
  const { reference, id } = transaction;
  if (reference !== null) {
    changes.push({ key: referenceKey(reference), record: { kind: 'reference', transactionId: id } });
  }
  return changes;
}

/** @throws BrokenInvariant it goes back, or was decided on other books */
function evolvePeriod(view: LedgerView, { previousThrough, through }: PeriodFacts): RecordChange {
  const before = closedThrough(view) ?? null;
  if (previousThrough !== before || (before !== null && through <= before)) {
    const says = `an event closes them from ${previousThrough ?? 'nothing'} through ${through}`;
    throw new BrokenInvariant(`the books are closed through ${before ?? 'nothing'}; ${says}`);
  }
  return { key: periodKey, record: { kind: 'period', through } };
}

const isHeld = ([first]: readonly BookedEntry[]): boolean => first?.effect === 'hold';

function transactionChange(snapshot: TransactionSnapshot): RecordChange {
  return { key: transactionKey(snapshot.id), record: { kind: 'transaction', snapshot } };
}

function amendedIn(view: LedgerView, amendment: Amendment): TransactionSnapshot {
  const before = transactionOf(view, amendment.id);
  if (before) return amended(before, amendment);
  throw new BrokenInvariant(`an event changes ${amendment.id}, which is not in the ledger`);
}

function evolveAccount(view: LedgerView, terms: AccountTerms, version: number): RecordChange {
  const before = accountOf(view, terms.address);
  if (version !== (before?.version ?? 0) + 1) {
    throw new BrokenInvariant(
      `${terms.address} is at version ${before?.version ?? 0}; an event makes it ${version}`,
    );
  }
  const opened = accountWith(terms);
  if (before === undefined) return { key: accountKey(terms.address), record: { ...opened, version } };
  const { pendingCredits, pendingDebits, postedCredits, postedDebits } = before;
  const record = { ...opened, pendingCredits, pendingDebits, postedCredits, postedDebits, version };
  return { key: accountKey(terms.address), record };
}

function evolveAccounts(view: LedgerView, { entries, opens }: BookedFact['data']): RecordChange[] {
  const changes: { key: string; record: AccountRecord }[] = [];
  const indexOf = new Map<string, number>();
  for (const entry of entries) {
    const seen = indexOf.get(entry.account);
    const current =
      seen === undefined ? nextVersion(view, entry.account, opens) : (changes[seen]?.record as AccountRecord);
    const record = applyEntry(current, entry.effect, entry.direction, BigInt(entry.amount));
    assertTotals(record, entry);
    if (seen === undefined) {
      indexOf.set(entry.account, changes.length);
      changes.push({ key: accountKey(entry.account), record });
    } else changes[seen] = { key: accountKey(entry.account), record };
  }
  if (opens !== undefined) assertNew(view, opens, indexOf);
  return changes;
}

/** What an event opens was not there, and has entries of it. */
function assertNew(
  view: LedgerView,
  opens: readonly AccountTerms[],
  booked: ReadonlyMap<string, number>,
): void {
  for (const { address } of opens) {
    if (accountOf(view, address)) throw new BrokenInvariant(`${address} is opened, and is in the ledger`);
    if (!booked.has(address)) throw new BrokenInvariant(`${address} is opened, and nothing is booked on it`);
  }
}

function nextVersion(
  view: LedgerView,
  address: string,
  opens: readonly AccountTerms[] | undefined,
): AccountRecord {
  const account = accountOf(view, address) ?? opened(address, opens);
  if (!account) throw new BrokenInvariant(`an entry is booked on ${address}, which is not in the ledger`);
  return { ...account, version: account.version + 1 };
}

function opened(address: string, opens: readonly AccountTerms[] | undefined): AccountRecord | undefined {
  const terms = opens?.find((one) => one.address === address);
  return terms && accountWith(terms);
}

function assertTotals(record: AccountRecord, { after, account, currency }: BookedEntry): void {
  const isSame =
    String(record.postedDebits) === after.postedDebits &&
    String(record.postedCredits) === after.postedCredits &&
    String(record.pendingDebits) === after.pendingDebits &&
    String(record.pendingCredits) === after.pendingCredits &&
    record.version === after.version &&
    record.currency === currency;
  if (!isSame)
    throw new BrokenInvariant(`the totals that an entry on ${account} carries are not its balance`);
  if (record.pendingDebits < 0n || record.pendingCredits < 0n) {
    throw new BrokenInvariant(`more is released or captured on ${account} than was held`);
  }
}

/** For each currency and each effect, debits equal credits. */
function assertBalanced(event: BookedFact): void {
  const byEffect = new Map<
    EntryEffect,
    { amount: bigint; currency: string; direction: BookedEntry['direction'] }[]
  >();
  for (const { amount, currency, direction, effect } of event.data.entries) {
    const entry = { amount: BigInt(amount), currency, direction };
    const sameEffect = byEffect.get(effect);
    if (sameEffect) sameEffect.push(entry);
    else byEffect.set(effect, [entry]);
  }
  for (const [effect, entries] of byEffect) {
    const off = imbalance(entries);
    if (off) {
      throw new BrokenInvariant(
        `${event.type} ${event.data.transaction.id}: its ${effect} entries differ by ${off.difference} ${off.currency}`,
      );
    }
  }
}
