import { journalStream } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import { followed } from './halted-owners';
import { ObjectStates } from './object-states';
import type { PositionWaiter } from '../position-waiter';
import { reachedRevision } from './read-at';

/** What the queries of every module read in the same way whose projection follows the journals of ledgers. */
export function journalObjects<F>(
  sql: Sql,
  waiter: Pick<PositionWaiter, 'waitFor'>,
  {
    projection,
    ...names
  }: { readonly projection: string; readonly states: string; readonly history: string },
) {
  const states = new ObjectStates<F>(sql, {
    ...names,
    reached: (ledgerId, p) => reachedRevision(p.$(journalStream(ledgerId)), projection),
  });
  type States = ObjectStates<F>;
  return {
    states,
    reads: {
      ...followed(sql, waiter, journalStream),
      object: (...asked: Parameters<States['object']>) => states.object(...asked),
      history: (...asked: Parameters<States['history']>) => states.history(...asked),
    },
  };
}
