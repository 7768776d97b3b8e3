import { BrokenInvariant } from '@fintech-ledger/contract';
import type { AccountRecord, AccountTerms } from './account';
import { amended } from './amendment';
import type { Amendment } from './amendment';
import { applyEntry, imbalance } from './booking';
import type { LedgerEvent, MoneyEvent } from './events';
import type { BookedEntry, EntryEffect, TransactionSnapshot } from './transaction';
import { amendmentOf, beginsTransaction, changesAccount, movesMoney } from './events';
import { accountKey, accountOf, referenceKey, transactionKey, transactionOf } from './records';
import type { LedgerView, RecordChange } from './records';
import { firstSnapshot } from './transaction';

/**
 * The records that an event changes. Pure; the view is not changed.
 * A plain posted transaction leaves no record: its event says all of it (see `snapshotOf`).
 * @throws BrokenInvariant when the entries don't balance, or the totals they carry are not what the state gives
 */
export function evolve(view: LedgerView, event: LedgerEvent): readonly RecordChange[] {
  if (changesAccount(event)) return [evolveAccount(view, event.data.account, event.data.version)];
  if (!movesMoney(event)) return [];
  assertBalanced(event);
  const changes = evolveAccounts(view, event.data.entries);
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
  const record: AccountRecord = {
    kind: 'account',
    address: terms.address,
    currency: terms.currency,
    maxBalance: terms.maxBalance === null ? null : BigInt(terms.maxBalance),
    metadata: terms.metadata,
    minBalance: terms.minBalance === null ? null : BigInt(terms.minBalance),
    openedAt: terms.openedAt,
    pendingCredits: before?.pendingCredits ?? 0n,
    pendingDebits: before?.pendingDebits ?? 0n,
    postedCredits: before?.postedCredits ?? 0n,
    postedDebits: before?.postedDebits ?? 0n,
    status: terms.status,
    type: terms.type,
    version,
  };
  return { key: accountKey(terms.address), record };
}

function evolveAccounts(view: LedgerView, entries: readonly BookedEntry[]): RecordChange[] {
  const changes: { key: string; record: AccountRecord }[] = [];
  const indexOf = new Map<string, number>();
  for (const entry of entries) {
    const seen = indexOf.get(entry.account);
    const current =
      seen === undefined ? nextVersion(view, entry.account) : (changes[seen]?.record as AccountRecord);
    const record = applyEntry(current, entry.effect, entry.direction, BigInt(entry.amount));
    assertTotals(record, entry);
    if (seen === undefined) {
      indexOf.set(entry.account, changes.length);
      changes.push({ key: accountKey(entry.account), record });
    } else changes[seen] = { key: accountKey(entry.account), record };
  }
  return changes;
}

function nextVersion(view: LedgerView, address: string): AccountRecord {
  const account = accountOf(view, address);
  if (!account) throw new BrokenInvariant(`an entry is booked on ${address}, which is not in the ledger`);
  return { ...account, version: account.version + 1 };
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
function assertBalanced(event: MoneyEvent): void {
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
