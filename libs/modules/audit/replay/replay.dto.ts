import { asOfRule, Is, Optional, PageQuery } from '@fintech-ledger/http';

export class ReplayQuery extends PageQuery {
  @Is(
    asOfRule,
    'Up to this moment, inclusive: a position, or a time at which events were recorded; now by default.',
  )
  @Optional()
  declare readonly as_of?: string;
}
