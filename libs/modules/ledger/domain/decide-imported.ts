import { isRefusal } from '@fintech-ledger/contract';
import type { RefusalOf } from '@fintech-ledger/contract';
import type { PostTransaction } from './commands';
import { contextOfEvent, decideTransaction } from './decide-transaction';
import type { DecideContext } from './decision';
import { boundRefusals, openRefusals } from './entry-refusals';
import type { HoldPlaced, TransactionImported, TransactionPosted } from './events';
import type { LedgerRecord, LedgerView } from './records';
import type { transactionRefusals } from './transaction-refusals';

/** What a transaction may be refused with for the terms of an account that it books on. */
const ofTerms: ReadonlySet<string> = new Set([...openRefusals, ...boundRefusals].map(({ code }) => code));

/**
 * A transaction that has happened in the ledger that it comes from. What the terms of its accounts would refuse is
 * recorded as an event of its own, so that an export of this ledger says it again.
 */
export function decideImported(
  view: LedgerView,
  command: PostTransaction,
  context: DecideContext,
): TransactionPosted | TransactionImported | HoldPlaced | RefusalOf<typeof transactionRefusals> {
  const at = contextOfEvent(context, 0);
  const judged = decideTransaction(view, command, at, command);
  if (!isRefusal(judged) || !ofTerms.has(judged.code) || command.pending === true) return judged;
  const outcome = decideTransaction(withoutTerms(view), command, at, command);
  return isRefusal(outcome) ? outcome : { type: 'TransactionImported', data: outcome.data };
}

/** The state as it would be if no terms of an account refused anything. An entry carries totals, and no terms. */
function withoutTerms(view: LedgerView): LedgerView {
  const open = { minBalance: null, maxBalance: null, status: 'open' } as const;
  return {
    get: (key): LedgerRecord | undefined => {
      const record = view.get(key);
      return record?.kind === 'account' ? { ...record, ...open } : record;
    },
  };
}
