import type { AccountType } from '@fintech-ledger/ledger/domain';
import { PageQuery, Is, Optional, asOfRule, metadataFilterRule, timeRule } from '@fintech-ledger/http';
import { axisRule, prefixRule, segmentsRule, sourceRule, accountTypeRule, currencyRule } from '../rules';

export class AccountsQuery extends PageQuery {
  @Is(prefixRule, 'Only accounts whose addresses begin with it.')
  @Optional()
  declare readonly prefix?: string;

  @Is(accountTypeRule, 'Only accounts of this type.')
  @Optional()
  declare readonly type?: AccountType;

  @Is(currencyRule, 'Only accounts in this currency.')
  @Optional()
  declare readonly currency?: string;

  @Is(metadataFilterRule, 'Only accounts with all these keys and values: `metadata[key]=value`.')
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}

export class BalanceQuery {
  @Is(sourceRule, '`journal`: the balance comes from the journal instead of a read model.')
  @Optional()
  declare readonly source?: 'journal';

  @Is(asOfRule, 'The moment; now by default.')
  @Optional()
  declare readonly as_of?: string;

  @Is(axisRule, 'Which times count: `effective` or `recorded`.')
  @Optional()
  declare readonly axis?: 'effective' | 'recorded';
}

export class SubtreeBalancesQuery extends PageQuery {
  @Is(prefixRule, 'The subtree: all accounts whose addresses begin with it; all by default.')
  @Optional()
  declare readonly prefix?: string;

  @Is(segmentsRule, 'Sums by so many first segments of the address; by default the whole subtree is one sum.')
  @Optional()
  declare readonly group_by_segments?: string;
}

export class TrialBalanceQuery extends PageQuery {
  @Is(asOfRule, 'The moment; now by default.')
  @Optional()
  declare readonly as_of?: string;

  @Is(axisRule, 'Which times count: `effective` or `recorded`.')
  @Optional()
  declare readonly axis?: 'effective' | 'recorded';
}

export class EntriesQuery extends PageQuery {
  @Is(timeRule, 'Only entries from this time on.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only entries before this time.')
  @Optional()
  declare readonly to?: string;

  @Is(axisRule, 'Which times count: `effective` or `recorded`.')
  @Optional()
  declare readonly axis?: 'effective' | 'recorded';
}
