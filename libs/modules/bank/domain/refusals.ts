import { refusal } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { unknownCurrency, withdrawnCurrency } from '@fintech-ledger/ledger/domain';
import {
  paymentNotFound,
  paymentUnexpectedState,
  payoutNotFound,
  refundNotFound,
  unknownBankAccount,
} from '@fintech-ledger/payments/domain';
import type { BankCommand } from './commands';

export const statementMalformed = refusal(
  'statement_malformed',
  'malformed',
  'The file is no well-formed XML in UTF-8, or it has a document type or entities of its own, which are not read; ' +
    '`line` says where.',
);
export const statementNotSupported = refusal(
  'statement_not_supported',
  'rule',
  'The message is no camt.053.001.02 and no camt.053.001.08; `param` is where it says what it is.',
);
export const statementInvalid = refusal(
  'statement_invalid',
  'rule',
  'The statement lacks something, or says something that can not be; `param` is the path of the element.',
);
export const statementUnbalanced = refusal(
  'statement_unbalanced',
  'rule',
  'The opening balance and the booked entries do not come to the closing balance; `param` is the path of the ' +
    'statement.',
);
export const statementChanged = refusal(
  'statement_changed',
  'conflict',
  'A part of this statement is imported, and its lines were others then.',
);
export const bankStatementNotFound = refusal(
  'bank_statement_not_found',
  'not_found',
  'There is no such bank statement, or it is of another environment.',
);
export const bankLineNotFound = refusal(
  'bank_statement_line_not_found',
  'not_found',
  'There is no such line of a bank statement, or it is of another environment.',
);
export const bankLineUnexpectedState = refusal(
  'bank_statement_line_unexpected_state',
  'conflict',
  'The status of the line does not allow it; `bank_statement_line` is the line as it is.',
);
export const bankLineNotReturnable = refusal(
  'bank_statement_line_not_returnable',
  'rule',
  'The line did not come in, or the statement does not say from which account.',
);
export const bankLineMismatch = refusal(
  'bank_statement_line_mismatch',
  'rule',
  'The line is in another currency, goes the other way, or is not of the amount that it would have to be; `param` is ' +
    'what of the request does not fit.',
);
export const reconciliationTooLarge = refusal(
  'reconciliation_too_large',
  'rule',
  'There are too many lines in the time asked for: choose a shorter one.',
);
export const ibanRepeated = refusal('iban_repeated', 'rule', 'Two bank accounts have one IBAN.');

const ofWhatItIsFor = [
  bankLineNotFound,
  bankLineUnexpectedState,
  paymentNotFound,
  refundNotFound,
  payoutNotFound,
  bankLineMismatch,
  paymentUnexpectedState,
] as const;

/** What each command may be refused with, in the order of precedence; `decideBank` compiles with nothing else. */
export const bankCommandRefusals = {
  PutBankAccounts: [ibanRepeated, unknownCurrency, withdrawnCurrency],
  ImportBankLines: [unknownBankAccount, statementInvalid, statementChanged],
  MatchBankLine: ofWhatItIsFor,
  ApportionBankLine: ofWhatItIsFor,
  ReturnBankLine: [bankLineNotFound, bankLineUnexpectedState, bankLineNotReturnable],
  CancelBankReturn: [bankLineNotFound, bankLineUnexpectedState],
  EraseBankLine: [bankLineNotFound],
} as const satisfies Record<BankCommand['type'], readonly DeclaredRefusal[]>;

/** Every refusal that is declared here. */
export const bankRefusals = [
  statementMalformed,
  statementNotSupported,
  statementInvalid,
  statementUnbalanced,
  statementChanged,
  bankStatementNotFound,
  bankLineNotFound,
  bankLineUnexpectedState,
  bankLineNotReturnable,
  bankLineMismatch,
  reconciliationTooLarge,
  ibanRepeated,
];
