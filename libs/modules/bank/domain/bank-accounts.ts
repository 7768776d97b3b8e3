import { ownAccounts } from '@fintech-ledger/payments/domain';
import type { BankAccountFacts } from './facts';
import type { BankView } from './records';

/** Those that were said; none before that. */
export const bankAccountsOf = (view: BankView): readonly BankAccountFacts[] => ownAccounts(view);
