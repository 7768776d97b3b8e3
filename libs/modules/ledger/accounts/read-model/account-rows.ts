import type { AccountView } from '../../views/account';
import type { AccountStatus, AccountType } from '@fintech-ledger/ledger/domain';
import { isoTime } from '@fintech-ledger/contract';

export interface AccountRow {
  readonly address: string;
  readonly type: AccountType;
  readonly currency: string;
  readonly status: AccountStatus;
  readonly min_balance: string | null;
  readonly max_balance: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly version: string;
  readonly opened_ms: string;
  readonly opened_revision: string;
}

export const accountColumns =
  'a.address, a.type, a.currency, a.status, a.min_balance, a.max_balance, a.metadata, a.version, a.opened_ms, a.opened_revision';

export function accountView(row: AccountRow): AccountView {
  return {
    object: 'account',
    address: row.address,
    type: row.type,
    currency: row.currency,
    status: row.status,
    min_balance: row.min_balance,
    max_balance: row.max_balance,
    metadata: row.metadata,
    version: Number(row.version),
    opened_at: isoTime(row.opened_ms),
  };
}
