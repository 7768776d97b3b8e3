import { isRefusal, refused } from '@fintech-ledger/contract';
import type { LedgerCommand, PostTransactions } from './commands';
import { decideExpiry } from './decide-hold';
import { decideTransaction } from './decide-transaction';
import { contextOfEvent } from './decision';
import type { DecideContext, LedgerDecision } from './decision';
import type { HoldExpired, HoldPlaced, TransactionPosted } from './events';
import { evolve } from './evolve';
import { bulkTransactionsMax } from './limits';
import { LayeredView } from './records';
import type { LedgerView, RecordChange } from './records';
import type { LedgerRefusal } from './refusals';
import { tooManyTransactions } from './transaction-refusals';

/** A decision that is made item by item, with a stop after each. The view must stay as it is until it has ended. */
export type DecisionSteps = Generator<void, LedgerDecision>;

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

/** How much there is to decide, in transactions of two entries. */
export function costOf(command: LedgerCommand): number {
  if (command.type === 'PostTransaction') return Math.max(command.entries.length >> 1, 1);
  if (command.type === 'ExpireHolds') return command.transactionIds.length;
  if (command.type !== 'PostTransactions') return 1;
  let entries = 0;
  for (const transaction of command.transactions) entries += Math.max(transaction.entries.length, 2);
  return Math.max(entries >> 1, 1);
}

/** Earlier items are visible to later ones. Atomic: the first refusal refuses all, and its `param` names the item. */
export function* decideBulk(
  view: LedgerView,
  command: PostTransactions,
  context: DecideContext,
): DecisionSteps {
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
    if (index > 0) yield;
    const request = transactions[index] as PostTransactions['transactions'][number];
    const outcome = decideTransaction(layered, request, contextOfEvent(context, events.length));
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

export function* decideExpiries(
  view: LedgerView,
  transactionIds: readonly string[],
  now: string,
): DecisionSteps {
  const layered = new LayeredView(view);
  const events: HoldExpired[] = [];
  for (const transactionId of transactionIds) {
    const event = decideExpiry(layered, transactionId, now);
    if (!event) continue;
    events.push(event);
    layered.set(evolve(layered, event));
    yield;
  }
  return { kind: 'decided', events };
}
