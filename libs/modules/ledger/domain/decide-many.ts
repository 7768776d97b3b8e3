import { isRefusal, refused } from '@fintech-ledger/contract';
import type { PostTransactions } from './commands';
import { decideExpiry } from './decide-hold';
import { contextOfEvent, decideTransaction } from './decide-transaction';
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
    const outcome = decideTransaction(layered, request, contextOfEvent(context, events.length), command);
    if (!isRefusal(outcome)) {
      events.push(outcome);
      const changed = evolve(layered, outcome);
      changes.push(changed);
      layered.set(changed);
      continue;
    }
    const refusal = { ...outcome, param: `/transactions/${before + index}${outcome.param ?? ''}` };
    if (command.atomic) return { kind: 'refused', refusal: { ...refusal, index } };
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
