import { isRefusal, refused } from '@fintech-ledger/contract';
import type { LedgerCommand, PostTransactions } from './commands';
import { asksForNothing, decideAccount } from './decide-account';
import type { AccountCommand } from './decide-account';
import { decideCapture, decideExpiry, decideVoid } from './decide-hold';
import { decideReversal } from './decide-reversal';
import { decideTransaction } from './decide-transaction';
import type { TransactionContext } from './decide-transaction';
import type { HoldExpired, HoldPlaced, LedgerEvent, TransactionPosted } from './events';
import { evolve } from './evolve';
import { bulkTransactionsMax } from './limits';
import { LayeredView } from './records';
import type { LedgerView, RecordChange } from './records';
import { showAccount } from './show-account';
import type { ShownAccount } from './show-account';
import type { RefusalOf } from '@fintech-ledger/contract';
import type { commandRefusals, LedgerRefusal } from './refusals';
import { tooManyTransactions } from './transaction-refusals';

/** Time and ids arrive as data. */
export interface DecideContext {
  /** RFC 3339, UTC, milliseconds. */
  readonly now: string;
  /** A new id for what event number `index` of this decision creates. */
  newId(prefix: string, index: number): string;
  /** The most bytes that one event may have to be stored, with its metadata. Absent: no limit. */
  readonly eventBytesMax?: number;
}

export interface LedgerDecided {
  readonly kind: 'decided';
  readonly events: readonly LedgerEvent[];
  /** What `evolve` gives for each event, when later parts of the command were judged on it. */
  readonly changes?: readonly (readonly RecordChange[])[];
  readonly refusedItems?: readonly { readonly index: number; readonly refusal: LedgerRefusal }[];
  /** Without events: what the answer shows instead, as it would be with one. */
  readonly answeredAs?: readonly LedgerEvent[];
  /** Without events: the whole answer, a JSON text. */
  readonly answer?: string;
}
export type LedgerDecision = LedgerDecided | { readonly kind: 'refused'; readonly refusal: LedgerRefusal };

/** What a command does to a ledger: its events, or why not. Pure; the view is not changed. */
export function decide(view: LedgerView, command: LedgerCommand, context: DecideContext): LedgerDecision {
  if (command.type === 'ShowAccount') return shown(showAccount(view, command.address));
  if ('address' in command) return decideAccountOrNothing(view, command, context.now);
  switch (command.type) {
    case 'PostTransaction':
      return decided<'PostTransaction'>(decideTransaction(view, command, one(context)));
    case 'PostTransactions':
      return decideBulk(view, command, context);
    case 'CaptureHold':
      return decided<'CaptureHold'>(decideCapture(view, command, context.now));
    case 'VoidHold':
      return decided<'VoidHold'>(decideVoid(view, command, context.now));
    case 'ReverseTransaction':
      return decided<'ReverseTransaction'>(decideReversal(view, command, one(context)));
    case 'ExpireHolds':
      return { kind: 'decided', events: decideExpiries(view, command.transactionIds, context.now) };
  }
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

function one(context: DecideContext, index = 0): TransactionContext {
  const { now, eventBytesMax } = context;
  const transactionId = context.newId('txn', index);
  return eventBytesMax === undefined ? { now, transactionId } : { now, transactionId, eventBytesMax };
}

type RefusalsOf<Type extends LedgerCommand['type']> = RefusalOf<(typeof commandRefusals)[Type]>;

/** What the rules refuse a command of this type with, its list has. */
function decided<Type extends LedgerCommand['type']>(
  outcome: LedgerEvent | RefusalsOf<Type>,
): LedgerDecision {
  return isRefusal(outcome) ? { kind: 'refused', refusal: outcome } : { kind: 'decided', events: [outcome] };
}

/** Earlier items are visible to later ones. Atomic: the first refusal refuses all, and its `param` names the item. */
function decideBulk(view: LedgerView, command: PostTransactions, context: DecideContext): LedgerDecision {
  const { transactions, before = 0 } = command;
  if (transactions.length > bulkTransactionsMax) {
    const detail = `at most ${bulkTransactionsMax} transactions at once, these are ${transactions.length}`;
    return refused(tooManyTransactions, detail, '/transactions');
  }
  const layered = new LayeredView(view);
  const events: (TransactionPosted | HoldPlaced)[] = [];
  const changes: (readonly RecordChange[])[] = [];
  const refusedItems: { index: number; refusal: LedgerRefusal }[] = [];
  for (let index = 0; index < transactions.length; index += 1) {
    const request = transactions[index] as PostTransactions['transactions'][number];
    const outcome = decideTransaction(layered, request, one(context, events.length));
    if (!isRefusal(outcome)) {
      events.push(outcome);
      const changed = evolve(layered, outcome);
      changes.push(changed);
      layered.set(changed);
      continue;
    }
    const refusal = { ...outcome, param: `/transactions/${before + index}${outcome.param ?? ''}` };
    if (command.atomic)
      return { kind: 'refused', refusal: { ...refusal, meta: { ...outcome.meta, index: String(index) } } };
    refusedItems.push({ index, refusal });
  }
  return { kind: 'decided', events, changes, refusedItems };
}

function decideExpiries(
  view: LedgerView,
  transactionIds: readonly string[],
  now: string,
): readonly HoldExpired[] {
  const layered = new LayeredView(view);
  const events: HoldExpired[] = [];
  for (const transactionId of transactionIds) {
    const event = decideExpiry(layered, transactionId, now);
    if (!event) continue;
    events.push(event);
    layered.set(evolve(layered, event));
  }
  return events;
}
