import type { LedgerCommand, TransactionRequest } from './commands';
import type { LedgerEvent } from './events';
import type { TransactionSnapshot } from './transaction';
import { beginsTransaction, movesMoney } from './events';
import { accountKey, referenceKey, transactionKey, transactionOf } from './records';
import type { LedgerRecord, LedgerView } from './records';
import { firstSnapshot } from './transaction';

/** Keys of the records that `decide` will read for this command, as far as the view tells; asked again until nothing new. */
export function readsOf(command: LedgerCommand, view: LedgerView): readonly string[] {
  if ('address' in command) return [accountKey(command.address)];
  if ('transactionId' in command) return existingReads(view, command.transactionId);
  switch (command.type) {
    case 'PostTransaction':
      return transactionReads(command, []);
    case 'PostTransactions': {
      const keys: string[] = [];
      for (const transaction of command.transactions) transactionReads(transaction, keys);
      return keys;
    }
    case 'ExpireHolds':
      return command.transactionIds.flatMap((id) => existingReads(view, id));
  }
}

function transactionReads(request: TransactionRequest, keys: string[]): string[] {
  for (const { account } of request.entries) keys.push(accountKey(account));
  for (const { account } of request.preconditions ?? []) keys.push(accountKey(account));
  if (typeof request.reference === 'string') keys.push(referenceKey(request.reference));
  return keys;
}

function existingReads(view: LedgerView, transactionId: string): readonly string[] {
  const transaction = transactionOf(view, transactionId);
  const accounts = transaction?.lines.map(({ account }) => accountKey(account)) ?? [];
  return [transactionKey(transactionId), ...accounts];
}

/** The transaction that an event begins, as this event left it; undefined for events that begin none. */
export function snapshotOf(event: LedgerEvent): TransactionSnapshot | undefined {
  if (!movesMoney(event) || !beginsTransaction(event)) return undefined;
  return firstSnapshot(event.data.transaction, event.data.entries);
}

/** The record of this key, when this event alone says all of it. */
export function recordFrom(key: string, event: LedgerEvent): LedgerRecord | undefined {
  const snapshot = snapshotOf(event);
  return snapshot && transactionKey(snapshot.id) === key ? { kind: 'transaction', snapshot } : undefined;
}
