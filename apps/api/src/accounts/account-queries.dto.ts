import type { AccountType } from '@fintech-ledger/ledger';
import { PageQuery } from '../http/query-dtos';
import { Is, Optional } from '../validation/decorators';
import { asOfRule, axisRule, prefixRule, segmentsRule, sourceRule } from '../validation/query-rules';
import { accountTypeRule, currencyRule, metadataRule, timeRule } from '../validation/rules';

export class AccountsQuery extends PageQuery {
  @Is(prefixRule)
  @Optional()
  declare readonly prefix?: string;

  @Is(accountTypeRule)
  @Optional()
  declare readonly type?: AccountType;

  @Is(currencyRule)
  @Optional()
  declare readonly currency?: string;

  @Is(metadataRule)
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}

export class BalanceQuery {
  @Is(sourceRule)
  @Optional()
  declare readonly source?: 'journal';

  @Is(asOfRule)
  @Optional()
  declare readonly as_of?: string;

  @Is(axisRule)
  @Optional()
  declare readonly axis?: 'effective' | 'recorded';
}

export class SubtreeBalancesQuery extends PageQuery {
  @Is(prefixRule)
  @Optional()
  declare readonly prefix?: string;

  @Is(segmentsRule)
  @Optional()
  declare readonly group_by_segments?: string;
}

export class TrialBalanceQuery extends PageQuery {
  @Is(asOfRule)
  @Optional()
  declare readonly as_of?: string;

  @Is(axisRule)
  @Optional()
  declare readonly axis?: 'effective' | 'recorded';
}

export class EntriesQuery extends PageQuery {
  @Is(timeRule)
  @Optional()
  declare readonly from?: string;

  @Is(timeRule)
  @Optional()
  declare readonly to?: string;

  @Is(axisRule)
  @Optional()
  declare readonly axis?: 'effective' | 'recorded';
}
