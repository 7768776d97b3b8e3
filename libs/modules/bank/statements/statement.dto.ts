import { bankStatementNotFound } from '@fintech-ledger/bank/domain';
import { Is, Optional, PageQuery, textRule, timeRule } from '@fintech-ledger/http';
import type { PathParameter } from '@fintech-ledger/http';

const bankAccountIdRule = textRule(
  'own_bank_account_id',
  'invalid_parameter',
  "the id of a bank account, such as 'ba_1'",
  /^ba_[A-Za-z0-9_-]{1,64}$/,
);
export const statementParameter: PathParameter = {
  name: 'statement',
  description: 'The id of the statement.',
  pattern: /^bst_[A-Za-z0-9]{1,64}$/,
  refusal: bankStatementNotFound,
  detail: 'There is no such statement.',
};

export class BankStatementsQuery extends PageQuery {
  @Is(bankAccountIdRule, 'Only statements of this bank account.')
  @Optional()
  declare readonly bank_account?: string;

  @Is(timeRule, 'Only statements that were imported from this time on.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only statements that were imported before this time.')
  @Optional()
  declare readonly to?: string;
}
