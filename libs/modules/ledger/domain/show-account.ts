import { refuse } from '@fintech-ledger/contract';
import { accountOf } from './account';
import type { AccountType, Metadata } from './account';
import type { LedgerView } from './records';
import { accountNotFound } from './account-commands';
import type { RefusalOf } from '@fintech-ledger/contract';
import type { showAccountRefusals } from './account-commands';

/** What `ShowAccount` is answered with; amounts in minor units. */
export interface ShownAccount {
  readonly type: AccountType;
  readonly currency: string;
  readonly version: number;
  readonly postedDebits: string;
  readonly postedCredits: string;
  readonly pendingDebits: string;
  readonly pendingCredits: string;
  readonly metadata: Metadata;
}

/** An account as it is in the state that commands are judged on.  */
export function showAccount(
  view: LedgerView,
  address: string,
): ShownAccount | RefusalOf<typeof showAccountRefusals> {
  const account = accountOf(view, address);
  if (account === undefined) return refuse(accountNotFound, `There is no account ${address}.`);
  return {
    type: account.type,
    currency: account.currency,
    version: account.version,
    postedDebits: String(account.postedDebits),
    postedCredits: String(account.postedCredits),
    pendingDebits: String(account.pendingDebits),
    pendingCredits: String(account.pendingCredits),
    metadata: account.metadata,
  };
}
