import type { TransactionStatus } from '@fintech-ledger/ledger';
import { PageQuery } from '../http/query-dtos';
import { Is, Optional } from '../validation/decorators';
import { axisRule, statusRule } from '../validation/query-rules';
import { addressRule, metadataRule, timeRule } from '../validation/rules';
import { referenceRule } from '../validation/text-rules';

export class TransactionsQuery extends PageQuery {
  @Is(addressRule)
  @Optional()
  declare readonly account?: string;

  @Is(referenceRule)
  @Optional()
  declare readonly reference?: string;

  @Is(statusRule)
  @Optional()
  declare readonly status?: TransactionStatus;

  @Is(timeRule)
  @Optional()
  declare readonly from?: string;

  @Is(timeRule)
  @Optional()
  declare readonly to?: string;

  @Is(axisRule)
  @Optional()
  declare readonly axis?: 'effective' | 'recorded';

  @Is(metadataRule)
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}
