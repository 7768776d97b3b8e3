import { Is, Optional } from '../validation/decorators';
import { cursorRule, eventTypeRule, limitRule, revisionRule } from '../validation/query-rules';
import { addressRule } from '../validation/rules';

export class EventStreamQuery {
  @Is(revisionRule)
  @Optional()
  declare readonly from_revision?: string;

  @Is(eventTypeRule)
  @Optional()
  declare readonly type?: string;

  @Is(addressRule)
  @Optional()
  declare readonly account?: string;
}

export class EventsQuery extends EventStreamQuery {
  @Is(limitRule)
  @Optional()
  declare readonly limit?: string;

  @Is(cursorRule)
  @Optional()
  declare readonly cursor?: string;
}
