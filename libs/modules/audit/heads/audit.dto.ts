import { Is, Optional, revisionRule } from '@fintech-ledger/http';

export class ProofQuery {
  @Is(revisionRule, 'The revision of the event.')
  declare readonly revision: string;

  @Is(revisionRule, 'The size of the tree: that of a head; all of it by default.')
  @Optional()
  declare readonly size?: string;
}

export class ConsistencyQuery {
  @Is(revisionRule, 'The size of the older tree: that of a head.')
  declare readonly from: string;

  @Is(revisionRule, 'The size of the tree: that of a later head; all of it by default.')
  @Optional()
  declare readonly to?: string;
}
