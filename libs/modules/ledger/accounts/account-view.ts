import type { AccountEvent } from '@fintech-ledger/ledger/domain';
import type { AccountView } from '../views/account';

/** An account after an event of its own, in the API's shape. */
export function accountAfter({ account, version }: AccountEvent['data']): AccountView {
  return {
    object: 'account',
    address: account.address,
    type: account.type,
    currency: account.currency,
    status: account.status,
    min_balance: account.minBalance,
    max_balance: account.maxBalance,
    metadata: account.metadata,
    version,
    opened_at: account.openedAt,
  };
}
