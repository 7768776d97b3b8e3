import { refusal } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import {
  accountNotClosed,
  accountNotEmpty,
  metadataLimit,
  unknownCurrency,
  withdrawnCurrency,
} from '@fintech-ledger/ledger/domain';
import {
  connectedAccountNotFound,
  ibanInvalid,
  payoutScheduleInvalid,
} from '@fintech-ledger/payments/domain';
import type { ConnectCommand } from './commands';
import { bankAccountsMax } from './limits';

export const accountUnexpectedState = refusal(
  'connected_account_unexpected_state',
  'conflict',
  'The state of the connected account does not allow it: nothing changes of one that is closed, and none is verified ' +
    'that has something to give yet.',
);
export const connectedAccountErased = refusal(
  'connected_account_erased',
  'conflict',
  'The connected account was erased before: nothing personal of it is left.',
);
export const requirementInvalid = refusal(
  'requirement_invalid',
  'rule',
  'What is given does not meet a requirement of this account; `param` says what.',
);
export const bankAccountNotFound = refusal(
  'bank_account_not_found',
  'not_found',
  'The connected account has no such bank account.',
);
export const tooManyBankAccounts = refusal(
  'too_many_bank_accounts',
  'rule',
  `A connected account has at most ${bankAccountsMax} bank accounts.`,
);

const ofOne = [connectedAccountNotFound, accountUnexpectedState];

/** What each command may be refused with, in the order of precedence; `decideConnect` compiles with nothing else. */
export const connectCommandRefusals = {
  CreateConnectedAccount: [unknownCurrency, withdrawnCurrency, payoutScheduleInvalid],
  UpdateConnectedAccount: [...ofOne, payoutScheduleInvalid, metadataLimit],
  ProvideRequirements: [...ofOne, requirementInvalid, tooManyBankAccounts],
  AddBankAccount: [...ofOne, tooManyBankAccounts],
  MakeBankAccountDefault: [...ofOne, bankAccountNotFound],
  VerifyConnectedAccount: ofOne,
  SuspendConnectedAccount: ofOne,
  ReinstateConnectedAccount: ofOne,
  CloseConnectedAccount: [...ofOne, accountNotEmpty],
  EraseConnectedAccount: [
    connectedAccountNotFound,
    accountNotClosed,
    connectedAccountErased,
    accountNotEmpty,
  ],
} as const satisfies Record<ConnectCommand['type'], readonly DeclaredRefusal[]>;

/** Every refusal that is declared here. */
export const connectRefusals = [
  accountUnexpectedState,
  connectedAccountErased,
  requirementInvalid,
  bankAccountNotFound,
  tooManyBankAccounts,
  ibanInvalid,
];
