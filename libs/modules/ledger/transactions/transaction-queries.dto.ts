import type { TransactionStatus } from '@fintech-ledger/ledger/domain';
import { PageQuery, Is, Optional, metadataFilterRule, timeRule, referenceRule } from '@fintech-ledger/http';
import { axisRule, statusRule, addressRule, transactionIdRule } from '../rules';

export class TransactionsQuery extends PageQuery {
  @Is(addressRule, 'Only transactions with an entry of this account.')
  @Optional()
  declare readonly account?: string;

  @Is(referenceRule, 'Only the transaction with this reference.')
  @Optional()
  declare readonly reference?: string;

  @Is(transactionIdRule, 'Only transactions that reverse this one.')
  @Optional()
  declare readonly reverses?: string;

  @Is(transactionIdRule, 'Only transactions that correct this one.')
  @Optional()
  declare readonly correction_of?: string;

  @Is(statusRule, 'Only transactions with this status.')
  @Optional()
  declare readonly status?: TransactionStatus;

  @Is(timeRule, 'Only transactions from this time on.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only transactions before this time.')
  @Optional()
  declare readonly to?: string;

  @Is(axisRule, 'Which times count: `effective` or `recorded`.')
  @Optional()
  declare readonly axis?: 'effective' | 'recorded';

  @Is(metadataFilterRule, 'Only transactions with all these keys and values: `metadata[key]=value`.')
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}
