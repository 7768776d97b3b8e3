import { isRefusal } from '@fintech-ledger/contract';
import { accountKey } from './account';
import type { LedgerCommand, TransactionRequest } from './commands';
import type { AccountCommand } from './account-commands';
import { asksForNothing, decideAccount } from './decide-account';
import { decideCapture, decideVoid } from './decide-hold';
import { decideImported } from './decide-imported';
import { decideBulk, decideExpiries } from './decide-many';
import type { DecisionSteps } from './decide-many';
import { decideReversal } from './decide-reversal';
import { contextOfEvent, decideTransaction } from './decide-transaction';
import type { DecideContext, LedgerDecision } from './decision';
import type { LedgerEvent } from './events';
import { decideClose, periodKey } from './period';
import { referenceKey, transactionKey, transactionOf } from './records';
import type { LedgerView } from './records';
import { showAccount } from './show-account';
import type { ShownAccount } from './show-account';
import type { RefusalOf } from '@fintech-ledger/contract';
import type { commandRefusals } from './refusals';

/**
 * Keys of the records that `decide` will read for this command, as far as the view tells; asked again until nothing
 * new.
 */
export function readsOf(command: LedgerCommand, view: LedgerView): readonly string[] {
  if ('address' in command) return [accountKey(command.address)];
  if ('transactionId' in command) {
    const reads = existingReads(view, command.transactionId);
    return typeof command.effectiveAt === 'string' ? [...reads, periodKey] : reads;
  }
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
    case 'ClosePeriod':
      return [periodKey];
    case 'ClaimKey':
      return [];
  }
}

function transactionReads(request: TransactionRequest, keys: string[]): string[] {
  for (const { account } of request.entries) keys.push(accountKey(account));
  for (const { account } of request.preconditions ?? []) keys.push(accountKey(account));
  if (typeof request.reference === 'string') keys.push(referenceKey(request.reference));
  // What counts now is after every close.
  if (typeof request.effectiveAt === 'string') keys.push(periodKey);
  if (typeof request.correctionOf === 'string') keys.push(transactionKey(request.correctionOf));
  return keys;
}

function existingReads(view: LedgerView, transactionId: string): readonly string[] {
  const transaction = transactionOf(view, transactionId);
  const accounts = transaction?.lines.map(({ account }) => accountKey(account)) ?? [];
  return [transactionKey(transactionId), ...accounts];
}

/** How much there is to decide, in transactions of two entries. */
export function costOf(command: LedgerCommand): number {
  if (command.type === 'PostTransaction') return Math.max(command.entries.length >> 1, 1);
  if (command.type === 'ExpireHolds') return command.transactionIds.length;
  if (command.type !== 'PostTransactions') return 1;
  let entries = 0;
  for (const transaction of command.transactions) entries += Math.max(transaction.entries.length, 2);
  return Math.max(entries >> 1, 1);
}

/** What a command does to a ledger: its events, or why not. Pure; the view is not changed. */
export function decide(view: LedgerView, command: LedgerCommand, context: DecideContext): LedgerDecision {
  if (command.type === 'ShowAccount') return shown(showAccount(view, command.address));
  if ('address' in command) return decideAccountOrNothing(view, command, context.now);
  switch (command.type) {
    case 'PostTransaction':
      return decided<'PostTransaction'>(
        command.judged === false
          ? decideImported(view, command, context)
          : decideTransaction(view, command, contextOfEvent(context, 0), command),
      );
    case 'PostTransactions':
      return atOnce(decideBulk(view, command, context));
    case 'CaptureHold':
      return decided<'CaptureHold'>(decideCapture(view, command, context.now));
    case 'VoidHold':
      return decided<'VoidHold'>(decideVoid(view, command, context.now));
    case 'ReverseTransaction':
      return decided<'ReverseTransaction'>(decideReversal(view, command, contextOfEvent(context, 0)));
    case 'ExpireHolds':
      return atOnce(decideExpiries(view, command.transactionIds, context.now));
    case 'ClosePeriod':
      return decided<'ClosePeriod'>(decideClose(view, command, context));
    case 'ClaimKey':
      return { kind: 'decided', events: [], answeredAs: [] };
  }
}

/** What a command of many items does, in steps; undefined: it has one item, and `decide` decides it. */
export function decideInSteps(
  view: LedgerView,
  command: LedgerCommand,
  context: DecideContext,
): DecisionSteps | undefined {
  if (command.type === 'PostTransactions') return decideBulk(view, command, context);
  if (command.type === 'ExpireHolds') return decideExpiries(view, command.transactionIds, context.now);
  return undefined;
}

/** What asks for no change is answered with the account as it is, and nothing is recorded. */
function decideAccountOrNothing(view: LedgerView, command: AccountCommand, now: string): LedgerDecision {
  const outcome = decideAccount(view, command, now);
  if (isRefusal(outcome) || !asksForNothing(command)) return decided<AccountCommand['type']>(outcome);
  const { data } = outcome;
  const asItIs = { ...outcome, data: { ...data, version: data.version - 1 } };
  return { kind: 'decided', events: [], answeredAs: [asItIs] };
}

function shown(outcome: ShownAccount | RefusalsOf<'ShowAccount'>): LedgerDecision {
  if ('code' in outcome) return { kind: 'refused', refusal: outcome };
  return { kind: 'decided', events: [], answer: JSON.stringify(outcome) };
}

type RefusalsOf<Type extends LedgerCommand['type']> = RefusalOf<(typeof commandRefusals)[Type]>;

/** What the rules refuse a command of this type with, its list has. */
function decided<Type extends LedgerCommand['type']>(
  outcome: LedgerEvent | RefusalsOf<Type>,
): LedgerDecision {
  return isRefusal(outcome) ? { kind: 'refused', refusal: outcome } : { kind: 'decided', events: [outcome] };
}

/** All of it at once. */
function atOnce(steps: DecisionSteps): LedgerDecision {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
