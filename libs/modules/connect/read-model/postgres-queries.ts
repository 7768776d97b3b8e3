import type { ConnectedAccountFacts } from '@fintech-ledger/connect/domain';
import type { Sql } from '@fintech-ledger/postgres';
import { journalObjects, withMetadata } from '@fintech-ledger/projection-runtime';
import type { PositionWaiter, StatementParameters } from '@fintech-ledger/projection-runtime';
import { connectProjectionName } from './connect-projection';
import type { AccountFilter, ConnectQueries } from './queries';

/** Reads what the projection wrote. */
export function postgresConnectQueries(sql: Sql, waiter: Pick<PositionWaiter, 'waitFor'>): ConnectQueries {
  const { states, reads } = journalObjects<ConnectedAccountFacts>(sql, waiter, {
    projection: connectProjectionName,
    states: 'connected_account_states',
    history: 'connected_account_history',
  });
  return {
    ...reads,
    accounts: (ledgerId, filter, page) =>
      states.list<ConnectedAccountFacts>(ledgerId, 'connected_accounts', page, filter, (p) =>
        conditions(filter, p),
      ),
  };
}

function conditions(filter: AccountFilter, p: StatementParameters): readonly string[] {
  const { metadata, status, type } = filter;
  return [
    ...(status === undefined ? [] : [`x.status = ${p.$(status)}`]),
    ...(type === undefined ? [] : [`x.type = ${p.$(type)}`]),
    ...withMetadata(metadata, p),
  ];
}
